"""The words for the numbers that states give to persons, in the languages that teams write.

`id:` and a country mark what those of one country are called, `id` what those of any are. A table,
as in `lexicon`. Imports nothing of Parley.
"""

ID_PHRASES = {
    "id": """
        insurance no|insurance nr|health insurance|social number|fiscal number|fiscaal nummer|
        fiscaalnummer|persoonsnummer|sofinr|rijksregisternr|nationaal nr|sozialvers|versnr|
        soc sec|numero de identificacao fiscal|numero fiscale|identity no|identity nr|
        national no|national id no|national id number|civil registration|person number|
        persoonlijk nummer|id no|id nr|id nummer|tin|tax no|taxpayer number|personal no|
        personal id number|ident nr|national identification|state id|resident number|
        registration number of the person|identiteitsnummer|identitetsnummer|numero d'identite|
        numero de identificacion|numero de identificacao|numero di identita|identyfikator|
        personal code|national id|national identity|identity card|identity number|id card|
        id number|identification number|national number|personal number|personal identity|
        identity document|identification|tax id|tax number|tax identification|tax file|taxpayer|
        social security|social insurance|national insurance|insurance number|personal id|
        health number|ausweis|ausweisnummer|personalausweis|steuer id|steuernummer|
        sozialversicherung|sozialversicherungsnummer|securite sociale|numero fiscal|
        carte d'identite|documento de identidad|identidad|cedula|numero de identidad|
        documento di identita|identificatienummer|burgerservice|rijksregister|
        numer identyfikacyjny|personnummer|personnumer|henkilotunnus|rodne cislo|isikukood|
        asmens kodas|personas kods|идентификационный номер|identity code|personal identity code|
        personal identification code|personal identification number|national insurance no|
        national registration number|register number|social security no|social security id|
        social security nr|soc sec no|social insurance no|tax identification number|
        tax identifier|tax reference|tax code|fiscal code|fiscal id|government id|citizen id|
        citizen card|citizenship number|resident id|residence card|health card|
        health insurance number|health insurance no|healthcare number|patient health number|
        identity card number|id card number|id card no|versicherten nr|vers nr|versicherungs nr|
        ausweis nr|identitatskarte|identitatsnummer|steuer identifikations nr|carte d identite|
        carte nationale d identite|cni|piece d identite|titre de sejour|no fiscal|n fiscal|
        num fiscal|fiscal de reference|identifiant fiscal|identifiant national|
        registre national|numero national|no national|documento nacional|
        documento de identificacion|cedula de identidad|carne de identidad|
        numero de tarjeta de residencia|numero de seguridad social|seguridad social|
        identificacion fiscal|carta d identita|carta di identita|documento d identita|
        tessera sanitaria|permesso di soggiorno|cod fiscale|seguranca social|cartao de cidadao|
        cartao do cidadao|bilhete de identidade|identificacao fiscal|documento de identidade|
        titulo de residencia|carteira de identidade|numero de utente|identiteitskaart|
        identiteitsbewijs|id kaart|verblijfsvergunning|nationaal nummer|rijksregister nr|
        numer pesel|dowod osobisty|dowodu osobistego|numer ewidencyjny|numer ubezpieczenia|
        personbevis|identitetskort|legitimation|henkilokortti|personnummeret|personnumret|
        osobni cislo|obcansky prukaz|cislo pojistence|cislo op|obciansky preukaz|szemelyi|
        szemelyazonosito|szig szam|carte de identitate|buletin|licna karta|osobna iskaznica|
        osebna izkaznica|лична карта|удостоверение личности|паспорт|ταυτοτητα|
        αριθμος ταυτοτητας|αδτ|kimlik|kimlik numarasi|nufus cuzdani|הזהות|هوية|رقم الهوية|الهوية""",
    "id:us": """
        social security no|ssns|ss number|ssn|social security|social security number|social|
        itin|socials|social sec|taxpayer identification|taxpayer id|ss no|ss|
        social security card|individual taxpayer identification number|employee ssn|ssn itin""",
    "id:gb": """
        national insurance number|nhs no|nino number|nhs|nhs number|nino|national insurance|
        ni number|utr|unique taxpayer reference|taxpayer reference|nhs nr|ni no|ni nr|
        n i number|nat ins|nat ins no|national insurance nr|insurance number""",
    "id:ca": """
        sin number|sins|sin|social insurance|social insurance number|numero d'assurance sociale|
        nas|phn|personal health number|care card|social insurance no|num d assurance sociale|
        no d assurance sociale|nas no|ramq|ohip|health card number""",
    "id:au": """
        tfn number|tfn|tax file|tax file number|medicare|medicare number|tax file no|
        medicare no|medicare card""",
    "id:nz": "ird|ird number",
    "id:ie": """
        pps|ppsn|pps number|ppsn number|personal public service|personal public service number|
        pps no|ppsn no|pps nr""",
    "id:de": """
        steuernummer|steuer nr|st nr|sozialversicherungsnr|steueridentnr|steuer ident nr|
        steueridentifikationsnr|identnr|vsnr|versicherungsnr|steuer id nr|steuernr|
        rentenversicherungsnr|steuer identnummer|steuer id|steueridentifikationsnummer|
        steuerliche identifikationsnummer|idnr|steuer idnr|steuerid|
        steuer identifikationsnummer|identifikationsnummer|tax id|rentenversicherungsnummer|
        versicherungsnummer|sozialversicherungsnummer|rvnr|svnr|sv nummer|personalausweis|
        personalausweisnummer|ausweisnummer|krankenversichertennummer|versichertennummer|
        rentenversicherung|kvnr|steuer identifikations nr|steuer identifikation|
        steueridentifikation|steuerliche identifikations nr|st id|st idnr|steuer id nummer|
        ident nr|identifikations nr|id nr|tin|rv nr|rv nummer|rvnummer|sv nr|
        sozialversicherungs nr|sozialversicherungs nummer|sozialvers nr|rentenvers nr|
        rentenversicherungs nr|kv nr|kv nummer|krankenversicherten nr|
        krankenversicherungsnummer|krankenversichertennr|versicherten nr|vers nr|perso|
        personalausweis nr|personalausweisnr|ausweis nr|ausweis|gesundheitskarte|egk|egk nr""",
    "id:at": """
        steuernummer|abgabenkontonummer|sozialversicherungsnr|versicherungsnr|vsnr|sv nr|
        svnummer|svnr|sv nummer|sozialversicherungsnummer|sozialversicherung|
        versicherungsnummer|sozialversicherungs nr|sozialvers nr|versicherungs nr|vers nr|ecard|
        e card|svnr des|identifikationsnummer""",
    "id:ch": """
        ahv|ahv nummer|ahv nr|avs|numero avs|ahvn|sozialversicherungsnummer|oasi|ahv no|avs no|
        no avs|n avs|versichertennummer|versicherten nr|sozialvers nr""",
    "id:fr": """
        carte vitale|immatriculation|no de securite sociale|no de secu|n de secu|ss|
        securite sociale|numero de securite sociale|numero de secu|secu|nir|insee|numero fiscal|
        numero fiscal de reference|spi|no secu|n secu|num secu|numero secu|no ss|n ss|num ss|
        numero ss|numero de ss|nss|numero insee|no insee|fiscal de reference|n fiscal|no fiscal|
        identifiant fiscal|reference fiscale""",
    "id:be": """
        identiteitskaart|eid|carte d identite|nn|rrn|rijksregister nr|insz nummer|numero niss|
        rijksregister|rijksregisternummer|registre national|numero national|nationaal nummer|
        insz|niss|numero de registre national|registrenational|numero de registre|numero nat|
        nr national|nationaalnummer|inss|rijksregisternummers|bis nummer""",
    "id:nl": """
        bsnnummer|bsn nr|bsns|sofi|bsn|burgerservicenummer|sofinummer|burgerservice|sofi nummer|
        bsn nummer|citizen service number|burger service nummer|burgerservicenr|persoonsnummer|
        citizen service|burgerservicenummers|bsn no|dutch bsn""",
    "id:lu": "matricule",
    "id:es": """
        nuss|seguridad social|numero de la seguridad social|numero de afiliacion|dni|nie|nif|
        documento nacional de identidad|numero de identidad de extranjero|n s s|ss|seg social|
        num seg social|nss|afiliacion|num afiliacion|numero de afiliacion a la seguridad social|
        dni nie|dni nif|n i f|n i e|d n i|documento identidad|tarjeta de identidad""",
    "id:pt": """
        n contribuinte|numero nifs|nif|contribuinte|numero de contribuinte|cartao de cidadao|
        numero de identificacao cc|bilhete de identidade|niss|n s s|seguranca social|seg social|
        num contribuinte|no contribuinte|nr contribuinte|n de contribuinte|no de contribuinte|
        cartao cidadao|c c|n i f|numero de nib nif portugues""",
    "id:it": """
        codice fiscale|cf|cod fisc|c f|codice fisc|codfisc|cod fiscale|codicefiscale|
        fiscal code|tax code|italian tax code""",
    "id:pl": """
        dowod|dowod osobisty|dowodu|numer dowodu|dowodu osobistego|pesel|numer pesel|nip|peselu|
        peselem|pesel nr|nr pesel|pesela|seria i numer|seria|nr dowodu|dow os|dowodem""",
    "id:cz": "rodne cislo|rc|r c|rodnym cislem|rodneho cisla",
    "id:sk": "rodne cislo|rc|r c|rodnym cislom|rodneho cisla",
    "id:hu": "taj|taj szam|taj szama|adoazonosito|adoazonosito jel|adoazonosito jele|szemelyi szam",
    "id:ro": "cnp|cod numeric personal|cod numeric|cnp ul|cnpul",
    "id:bg": "egn|егн|pnf|lnch|лнч",
    "id:gr": "amka|αμκα|afm|αφμ",
    "id:hr": "oib|jmbg",
    "id:si": "emso|jmbg|davcna|davcna stevilka",
    "id:rs": "jmbg|јмбг",
    "id:ba": "jmbg",
    "id:me": "jmbg",
    "id:mk": "embg|ембг|jmbg",
    "id:ua": "rntrc|ипн|рнокпп|іпн|інн|ідентифікаціиний код|rnokpp",
    "id:ru": "inn|инн|снилс|snils",
    "id:tr": """
        tc kimlik|tc|kimlik|kimlik numarasi|kimlik no|tckn|t c kimlik|tc kimlik no|vatandaslik|
        kimlik numaram|tc kimlik numaram|tc no|t c kimlik numarasi""",
    "id:se": """
        personnummer|personnr|pnr|samordningsnummer|personal identity number|person nr|persnr|
        personnumret|personbeteckning|samordnings nr|pn|swedish personal number""",
    "id:no": """
        fodselsnummeret|fødselsnummeret|fnr|fodselsnummer|fødselsnummer|fodselsnr|fødselsnr|
        personnummer|d nummer|fodsels nr|f nr|personnummeret|dnr|d nr|fodsels og personnummer""",
    "id:dk": "cpr|cpr nummer|cpr nr|cprnr|cpr nummeret|personnummer|cpr no|cprnummer|danish cpr",
    "id:fi": """
        hetu|henkilotunnus|henkilotunnukseni|henkilotunnuksesi|personbeteckning|sotu|
        henkilotunnuksella|henk tunnus|sosiaaliturvatunnus|hetun|personal identity code|
        sotutunnus""",
    "id:is": "kennitala|kt|kennitalan",
    "id:ee": "isikukood|isikukoodi",
    "id:lt": "asmens kodas|ak|a k|asmens kodo|asmens koda",
    "id:lv": "personas kods|personas kodu|p k",
    "id:br": """
        cpf|cadastro de pessoas fisicas|rg|cpf mf|cpf do|c p f|cadastro de pessoa fisica|
        cpf cnpj|cpfs""",
    "id:ar": "dni|cuit|cuil|d n i|cuil cuit|cuit cuil",
    "id:cl": "rut|run|rol unico tributario|rol unico",
    "id:co": "cedula|cedula de ciudadania|nit|cc",
    "id:ec": "cedula|cedula de identidad|ci",
    "id:do": "cedula",
    "id:pe": "dni|cui",
    "id:uy": "cedula|ci|cedula de identidad|c i",
    "id:ve": "cedula|rif",
    "id:cr": "cedula",
    "id:cedula": "cedula|cedula de ciudadania|cedula de identidad|cedula no",
    "id:mx": "curp|rfc",
    "id:ae": "emirates id|eid|emirates",
    "id:sa": "iqama|saudi id|national id",
    "id:cu": "carne de identidad|ci",
    "id:in": """
        aadhaar|aadhar|uidai|pan|pan card|pan number|uid|epic|voter id|आधार|aadhaar no|
        aadhaar number|pan no|permanent account number""",
    "id:pk": "cnic|nic",
    "id:id": "nik|ktp|nomor induk kependudukan|npwp",
    "id:my": "nric|mykad|ic number|ic|kad pengenalan|no ic",
    "id:sg": "nric|fin|singpass",
    "id:th": "citizen id|thai id|เลขบัตรประชาชน|เลขประจำตัวประชาชน|บัตรประชาชน",
    "id:kr": "rrn|resident registration|주민등록번호|resident registration number|resident no",
    "id:jp": "my number|マイナンバー|個人番号|mynumber",
    "id:cn": "身份证|身份证号|身份证号码|resident id|resident identity|shenfenzheng|身分證",
    "id:tw": "身分證|身分證字號|national id",
    "id:hk": "hkid|hong kong identity|hkid number|香港身份證|身份證",
    "id:il": "teudat zehut|תעודת זהות|ת ז|israeli id",
    "id:za": """
        rsa id|south african id|sa id|id nommer|identity number|id number|sa id number|
        identiteitsnommer""",
    "id:eg": "national id",
    "id:mu": "nid",
    "id:ph": "tin|philsys|sss",
    "id:passport": """
        passport|passport no|passport number|passport nr|pass nr|pass no|passnr|reisepass|
        reisepass nr|pass nummer|passeport|passeport no|passeport n|pasaporte|passaporto|
        passaporte|paspoort|paspoort nr|paszport|paszportu|pas nr|pas nummer|pasnummer|passi|
        passin numero|utlevel|utlevelszam|pasaport|pasaport no|putovnica|cestovni pas|
        cestovny pas|pasaportul|διαβατηριο|паспорт|загранпаспорт|דרכון|جواز السفر|doc passport|
        travel document|identity card|id card|carte d identite|carte nationale d identite|cni|
        carta d identita|carta di identita|c i e|cie|identitatskarte|identiteitskaart|id kaart|
        identitetskort|personalausweis|ausweis|perso|documento d identita|documento di identita|
        dowod|dowodu""",
}
# Compounds, and endings that a language gives to them.
ID_STEMS = {
    "id id:de id:at": r"""(?:steueridenti|steuerident|steuerid|identifikationsnum|sozialversich|
        rentenversich|krankenversich|versichertennum|versicherungsnum|svnum)\w*""",
    "id id:passport": r"""(?:reisepass|passnum|passport|passeport|pasaport|passaport|paspoort|
        paszport|pasport|passinum|passinro|putovnic)\w*""",
    "id id:de id:passport": r"(?:personalausweis|ausweisnum)\w*",
    "id": r"""(?:personnum|personnr|persoonsnum|fodselsnum|samordningsnum|henkilotunnu|
        identiteitsnum|identitetsnum|burgerservice|rijksregister|registernum|sofinum|cprnum|
        bsnnum|peselu|isikukood|idnum)\w*|(?:identiteits|identitets)kaart\w*""",
    "id id:ch": r"(?:ahvnum|ahvn)\w*",
}
