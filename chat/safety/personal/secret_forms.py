"""What secrets look like: blocks, addresses, options of commands, and the words that name one.

Patterns; where only a part is the secret, its group is `secret`. Imports nothing of Parley.
"""

import re

MAY_BLOCK = "-----BEGIN"
BLOCK = re.compile(
    r"-----BEGIN (?P<name>(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----"
    r"(?:[\s\S]{0,20000}?-----END (?P=name)-----|(?:\s+[A-Za-z0-9+/=:,\\ -]{16,}){0,200})"
)
CONNECTION = re.compile(
    r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\s:/@'\"<>]{0,80}:"
    r"(?P<secret>[^\s/'\"<>]{1,200})@(?=[\w\[.-]+)"
)
_VALUE = (
    r"(?:(?P<quote>[\"'`“„«‘])|)"
    r"(?P<secret>(?(quote)[^\"'`”“»’\n]{4,200}"
    r"|(?:(?:[a-z]{4} ){3}[a-z]{4}(?![^\s.,;])|[^\s\"'`,;<>]{4,200})))"
)
HEADER = re.compile(
    r"(?i)(?:(?:proxy-)?authorization\b[\"']?\s*[:=,]\s*[\"'`]?"
    r"(?:bearer|basic|token|apikey|digest)\s+|bearer\s+(?=[\w.~+/-]{0,200}\d)"
    r"|x-api-key[\"']?\s*[:=,]\s*[\"'`]?)(?P<secret>[\w.~+/=-]{10,})"
)
_P_TAKERS = (
    r"mysql|mysqldump|mariadb|mysqladmin|sshpass|mongosh?|mongodump|smbclient|ldapsearch|twine|"
    r"docker|htpasswd|xfreerdp|7z|zip|unzip"
)
# `mysql -p'…'`, `redis-cli -a …`, `curl -u name:…`, `--password …`.
OPTIONS = re.compile(
    rf"(?:\b(?:{_P_TAKERS})\b[^\n|;]{{0,120}}?\s-[pwP]\s?|\bredis-cli\b[^\n|;]{{0,80}}?\s-a\s"
    r"|\bcurl\b[^\n|;]{0,200}?\s(?:-u|--user)\s?[\"']?[^\s:'\"]{1,64}:"
    r"|\s--(?:[a-z]+-)?(?:password|passwd|pass|token|api-key|secret)[= ]"
    r"|\snet use\b[^\n]{0,80}?/user:\S+\s)"
    r"(?P<quote>[\"'])?(?P<secret>(?(quote)[^\"'\n]{4,200}|(?![-/])[^\s\"'|;]{4,200}))"
)
# As code joins them (`DB_PASSWORD`, `apiKey`, `client-secret`), and as people say them.
_WORDS = (
    r"pass(?:wd|word|phrase|code)?|pwd|pw|psk|secret|token|credentials?|pin code|"
    r"(?:api|access|auth|private|secret|encryption|signing|account|shared|shared[ _-]?access|"
    r"master|"
    r"licen[cs]e|connection|recovery|product|wpa2?|wi-?fi|wlan|network|webhook|bot|deploy|service|"
    r"storage|admin|root|subscription)[ _-]?key|"
    r"passwort|kennwort|zugangsdaten|(?:api-)?schlüssel|mot de passe|mdp|clé (?:api|secrète)|jeton|"
    r"contraseña|contrasena|clave|senha|palavra-passe|chave(?: api)?|chiave(?: api)?|parola|"
    r"wachtwoord|hasło|haslo|lösenord|losenord|adgangskode|passord|salasana|heslo|jelszó|şifre|"
    r"sifre|"
    r"code d['’]accès|code (?:wifi|secret|confidentiel)|clé(?: wifi| wpa)?|"
    r"codice (?:di accesso|segreto)|"
    r"toegangscode|sleutel|zugangscode|zugriffsschlüssel|kod dostępu|klucz|nyckel|"
    r"código de (?:acceso|acesso)|(?:access|recovery|backup|door|verification) codes?|otp|"
    r"(?:php|j)?sess(?:ion)?[_-]?id|session[ _-]?(?:token|cookie|key)|"
    r"parool|slaptažodis|пароль|пароля|密码|密碼|口令|パスワード|비밀번호|κωδικός|סיסמה"
)
# What the words begin with, and the headers and commands: only there is one looked for.
_BEGINNINGS = (
    "pass|pwd|pw|psk|secret|token|credential|pin code|api|access|auth|private|encryption|signing|"
    "account|shared|recovery|product|wpa|wi-fi|wifi|wlan|network|webhook|bot|deploy|service|"
    "storage|admin|root|subscription|licence|master|license|connection|kennwort|zugangsdaten|"
    "schlüssel|mot de|mdp|clé |"
    "code |codice |clé|toegangs|sleutel|zugangs|zugriff|kod |klucz|nyckel|código|otp|sess|phpsess|"
    "jsess|verification|backup|door|requirepass|bindpw|jeton|contrase|clave|senha|palavra-|chave|chiave|parola|wachtwoord|hasło|haslo|lösen|losen|adgangs|"
    "salasana|heslo|jelsz|şifre|sifre|parool|slapta|пароль|пароля|密码|密碼|口令|パスワード|비밀번호|κωδικ|"
    "סיסמ"
)
WORD_BEGINNINGS = tuple(_BEGINNINGS.split("|"))
HEADER_BEGINNINGS = ("authorization", "proxy-auth", "bearer", "x-api-key")
OPTION_BEGINNINGS = (
    *_P_TAKERS.replace("mongosh?", "mongo").split("|"),
    "redis-cli",
    "curl",
    " --",
    " net use",
)
# Where letters before and behind make no other word of it: `Routerpasswort`, `dbpassword`.
_COMPOUND = (
    r"(?:pass|pwd?)(?=\s?[:=])|requirepass|bindpw|passw[oö]r[dt]|kennwort|wachtwoord|lösenord|"
    r"adgangskode|passord|salasana|passphrase"
)
NAMED = re.compile(
    rf"(?i)(?<!reise)(?:(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z]))(?:{_WORDS})|(?:{_COMPOUND})\w{{0,3}})s?"
    rf"(?:[_-]?\d{{1,2}})?"
    rf"[\"'`*_]{{0,3}}\s?(?:=>|:=|=|[:：]|\||(?<=[a-z])>)(?:\*\*)?\s{{0,3}}{_VALUE}"
)
_IS = (
    r"is|was|are|as|to|lautet|lauten|ist|war|sind|est|es|era|sera|è|é|jest|är|er|on|je|wird|será|"
    r"→|-|–|="
)
_STILL = (
    r"now|still|set to|currently|just|simply|jetzt|nun|neu|ora|ahora|agora|maintenant|nu|changed to"
)
# A clause of its own begins with these: what it is about is another thing.
_AND = (
    r"and|or|if|why|when|und|oder|ob|wenn|warum|et|ou|si|pourquoi|o|y|perche|en|of|als|waarom|"
    r"och|og"
)
SAID = re.compile(
    rf"(?i)(?<!reise)(?:(?<![^\W\d_])(?:{_WORDS})|(?:{_COMPOUND})\w{{0,3}})"
    rf"(?:(?:[ \t](?!(?:{_AND})\b)[^\s:=]{{1,24}}){{0,6}}?"
    rf"(?:[ \t](?:{_IS})(?:[ \t](?:{_STILL}))?:?|\s?[:：])[ \t]|[ \t]){_VALUE}"
)
# A name and a password side by side: `Login: anna / …`, `credentials admin:…`.
PAIR = re.compile(
    r"(?i)(?<!\w)(?:log[io]ns?|credentials?|creds|zugang|zugangsdaten|anmeldung|connexion|"
    r"identifiants|"
    r"acceso|accesso|credenciales|credenziali|inloggegevens|inlog|account|user(?:name)?|benutzer)"
    r"(?:\s?[:=]|[ \t]\w{2,12}){0,2}[ \t]+[a-zA-Z][\w.@+-]{1,40}(?:\s?[/|]\s?|:)"
    r"(?P<secret>[^\s\"'`,;<>:]{5,100})"
)
_NAMES = "login|logon|cred|zugang|anmeldung|connexion|identifiant|acceso|accesso|inlog|account|user"
PAIR_BEGINNINGS = (*_NAMES.split("|"), "benutzer")
# `… is my password`, where the word comes last.
BEFORE = re.compile(
    r"(?<!\S)[\"'`“„«(]?(?P<secret>[^\s\"'`“”„«»(),;]{6,64})[\"'`”“»]?[ \t]"
    r"(?:is|ist|est|es|è|é|as|als|como|comme|come|jest|er|är)[ \t](?:\w{1,8}[ \t]){1,2}\Z"
)
LONG = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{32,200}={0,2}(?![\w+/=-])")
