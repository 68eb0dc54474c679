"""The languages that texts are taken apart in: which one a text is in, and its words of no meaning.

A text is in the language whose function words it holds most; English when none stands out. Keeps
true: pure and deterministic, with no model: a page has dozens of such words, and a question one
or two. Imports words.
"""

from functools import lru_cache

from chat.knowledge.words import ENGLISH, STOP, each_word, spelled, stem, word_set, words

# As `spelled` writes them: without accents.
_STOP = {
    ENGLISH: STOP,
    "de": word_set(
        """aber alle allem allen aller alles als also am an ander andere anderen anderer anderes
        auch auf aus bei beim bin bis bist da dabei damit dann das dass dein deine dem den denn
        der deren derer des dessen dich die dies diese diesem diesen dieser dieses dir doch
        dort du durch darf durfen ein eine einem einen einer eines er es etwas euch euer eure
        fur gegen gibt hab habe haben hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre
        ihrem ihren ihrer im in indem ins ist jede jedem jeden jeder jedes jetzt kann kein
        keine keinem keinen keiner konnen konnte man mein meine meinem meinen meiner mich mir
        mit muss musste mussen nach nicht nichts noch nun nur ob oder ohne schon sehr sein
        seine seinem seinen seiner seit seitdem sich sie sind so soll sollen sollte sollten
        sondern sonst uber um und uns unser unsere unter vom von vor wann war waren warum was
        weil welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb
        wessen wie wieder wieso wieviel will wir wird wo wobei wofur woher wohin wollen womit
        wurde wurden zu zum zur zwischen"""
    ),
    "es": word_set(
        """a al algo ante antes aquel aquella asi aun aunque cada como con contra cual cuales
        cuando cuanta cuantas cuanto cuantos cuya cuyo de debe deben del desde donde durante e
        el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta estaba estan
        estar estas este esto estos fue fueron ha habia habian han hasta hay he la las le les
        lo los mas me mi mientras mis mucho muy nada ni no nos nosotros nuestra nuestro o os
        otra otras otro otros para pero poco por porque pues puede pueden que quien quienes se
        sea segun ser si sido sin sino sobre solo son su sus suya suyo tal tambien tan tanto te
        tenia tiene tienen todas todo todos tu tus un una unas uno unos usted ustedes y ya yo"""
    ),
    "fr": word_set(
        """a afin ai ainsi alors apres au aucun aussi autre aux avait avant avec avoir c ce cela
        celle celui ces cet cette ceux chaque chez combien comme comment d dans de depuis des
        dont du elle elles en encore entre est et etaient etait etre eu eux fait il ils j je l
        la le les leur leurs lors lui m ma mais me meme mes moi mon n ne ni nos notre nous on
        ont ou par parce pas pendant peut plus pour pourquoi qu quand que quel quelle quelles
        quels qui quoi s sa sans se selon sera ses si son sont sous sur t ta te tes toi ton
        tous tout toute tres tu un une vers vos votre vous y"""
    ),
    "it": word_set(
        """a ad agli ai al alla alle allo anche c che chi ci cio coi col come con contro cui d da
        dagli dai dal dalla dalle de degli dei del della delle dello di dopo dove e ed era
        erano essere fra gli ha hanno ho i il in io l la le lei li lo loro lui ma mi mia mio ne
        negli nei nel nella nelle no noi non nostra nostro o ogni per perche piu poi prima puo
        qual quale quali quando quanta quante quanti quanto quella quelle quelli quello questa
        queste questi questo se sei senza si sia sono stata stato su sua sue sugli sui sul
        sulla suo suoi tra tu tua tuo tutti tutto un una uno vi voi"""
    ),
    "nl": word_set(
        """aan al alle als bij dan dat de deze die dit doch doen door dus een en er ge geen haar
        had hadden heb hebben heeft hem het hier hij hoe hoeveel hun ik in is ja je kan kon
        kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder
        ons onze ook op over te tegen toch toen tot u uit uw van veel voor waar waarom wanneer
        want waren was wat welk welke werd wezen wie wij wil worden wordt zal ze zei zelf zich
        zij zijn zo zonder zou"""
    ),
    "pt": word_set(
        """a ao aos aquela aquele aqui as ate cada com como da das de dela dele deles depois do
        dos e ela elas ele eles em entre era eram essa essas esse esses esta estao estas estava
        este estes eu foi foram ha isso isto ja la lhe mais mas me mesmo meu minha muito na nao
        nas nem no nos nossa nosso num numa o onde os ou para pela pelas pelo pelos por porque
        pode podem qual quais quando quanta quantas quanto quantos que quem sao se seja sem ser
        seu seus so sobre sua suas tambem te tem tinha um uma umas uns voce"""
    ),
}
_LETTERS = {"ä": "de", "ö": "de", "ß": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt"}
_LOOKED_AT = 400  # words
_LEAST = 0.12  # of the words of a text: fewer are names, figures or code
_SURE = 2  # such words, or letters, that no other language has


def stop_words(language: str) -> frozenset[str]:
    """The words that carry no meaning, as `spelled` writes them."""
    return _STOP.get(language, STOP)


def indexed_stems(text: str, language: str) -> str:
    """What the index holds of a text beside itself; the index cuts English words on its own."""
    if language == ENGLISH:
        return ""
    return " ".join(stem(word, language) for word in map(spelled, words(text)))


def language_of(text: str) -> str:
    """The language of a text as its code: en, de, es, fr, it, nl or pt."""
    return _detected(text[:4000])


@lru_cache(maxsize=64)
def _detected(text: str) -> str:
    hits = dict.fromkeys(_STOP, 0.0)
    count = 0
    for count, word in enumerate(each_word(text), 1):
        plain = spelled(word)
        for language, known in _STOP.items():
            hits[language] += plain in known
        if count == _LOOKED_AT:
            break
    for letter, language in _LETTERS.items():
        hits[language] += _SURE * (letter in text.lower())
    best = max(hits, key=lambda language: (hits[language], language == ENGLISH))
    return best if hits[best] >= max(_SURE, _LEAST * count) else ENGLISH
