"""The words that say what a number beside them is, in the languages that teams write.

`id:` and a country mark what its numbers of persons are called; `other` marks what is none of this
box's kinds. A table: phrases are apart by `|`, read without accents and capitals. Imports nothing
of Parley.
"""

PHRASES = {
    "phone": """
        customer service|customer support|support line|help desk|helpdesk|urgence|surgery|
        kundendienst|kundenservice|service client|atencion al cliente|servizio clienti|
        klantenservice|kundtjanst|obsluga klienta|desk|
        my number|his number|her number|their number|your number|our number|this number|
        new number|meine nummer|seine nummer|ihre nummer|neue nummer|deine nummer|
        unsere nummer|mon numero|son numero|votre numero|notre numero|mi numero|su numero|
        mio numero|il numero|suo numero|meu numero|seu numero|mijn nummer|zijn nummer|
        haar nummer|moj numer|mitt nummer|mit nummer|text|texted|texting|phoned|phoning|
        called|calling|callback|call back|rang|reach|reachable|emergency contact|contact no|
        office|reception|front desk|after hours|on call|natel|handynr|tel nr|telnr|telno|
        telefonnr|mobilnr|kontaktnummer|ruckrufnummer|notfallnummer|zentrale|fon|telephoner|
        telephonez|contacter|joindre au|au telephone|fixe|gsm nummer|huistelefoon|
        telefonisk|telefonische|telefonici|telefonica|chiamami al|chiamare il|chiami|
        telefoneer|phone|phones|telephone|telephones|tel|cell|cellphone|mobile|mobiles|fax|
        whatsapp|call|calls|ring|dial|text me|sms|contact|contacts|contact us|contacte|
        contacta|contactez|contactar|contattare|kontakt|kontaktieren|contatti|landline|
        hotline|helpline|reach me|reach him|reach her|reached at|reach us|phone number|
        contact number|direct line|extension|switchboard|voicemail|cell number|signal|viber|
        telegram|telefon|telefonnummer|telefonisch|handy|handynummer|mobil|mobilnummer|
        mobiltelefon|rufnummer|durchwahl|festnetz|anrufen|ruf|rufen|ruft|erreichbar|
        erreichen|erreichst|ruckruf|zuruckrufen|telephonique|portable|appelez|appeler|
        appelle|appelez moi|telecopie|joindre|joignable|rappeler|telefono|telefonos|movil|
        celular|llamar|llama|llame|llameme|llamame|fijo|cellulare|chiama|chiamare|chiamami|
        chiamatemi|recapito|chiamate|telefone|telemovel|ligar|ligue|liga|contato|contacto|
        telefoon|telefoonnummer|mobiel|gsm|bel|bellen|bereikbaar|mobiele nummer|telefoni|
        komorka|komorkowy|zadzwon|dzwonic|numer telefonu|telefonnumret|mobilen|ring mig|
        mobiltelefonnummer|ring meg|puhelin|puh|puhelinnumero|soita|mobilni|telefonni|volat|
        volejte|zavolat|telefonszam|hivjon|telefonul|suna|sunati|cep|telefonu|ara|arayin|
        τηλεφωνο|κινητο|телефон|тел|телефону|позвоните|позвонить|звоните|мобильный|
        мобильныи|моб|номер телефона|телефонувати|phone no|mob|ph|tfno|tlf|tlfn|ddi""",
    "card": """
        debitkarte|girocard|bankkarte|ec karte|karten|betaalpas|pinpas|bankpas|bankkort|
        kontokort|betalingskort|visakort|kreditkort|kredi karti|platebni karta|kartya|
        bankkartya|luottokortti|carte de paiement|cb|tarjetas|cartoes|cartao|
        carta di pagamento|cvv|cvc|cvv code|expiry|exp|expires|valid thru|gultig bis|
        cardholder|karteninhaber|titular|cc|cc number|paid with|charge|charged|charging|
        bezahlt|belastet|kreditka|debit|credit|prepaid|card|cards|credit card|debit card|
        card number|visa|mastercard|amex|american express|discover|diners|jcb|maestro|
        unionpay|pan|kreditkarte|kreditkartennummer|kartennummer|karte|carte bancaire|
        carte bleue|carte|carte de credit|tarjeta|tarjeta de credito|carta di credito|carta|
        cartao de credito|creditcard|creditcardnummer|karta|karty|numer karty|kort|
        kortnummer|карта|карты|kart""",
    "iban": """
        iban|bank account|account number|kontonummer|bankverbindung|konto|compte|cuenta|
        conto|conta|bankrekening|rekeningnummer|rachunek|konta|tili|bic|sepa""",
    "ip": """
        ip|ip address|ip addresses|ipv|host|server|gateway|dns|ping|ssh|subnet|client|
        login from|logged in from|ip adresse|adresse ip|direccion ip|indirizzo ip|
        endereco ip|address|adresse|indirizzo|direccion|endereco|adres|nameserver|proxy|
        router|firewall|cortafuegos|rechner|serveur|servidor|inet|upstream|remote addr|
        forwarded for|real ip|listen|listening|connect|connection|host name|hostname|
        traceroute|port|vpn|nat|peer|node ip|allowlist|blocklist|whitelist|blacklist|block|
        ban|banned|blocked|sperren|freischalten|zugriff|accesso|acceso|acces|toegang""",
    "version": """
        version|versions|v|ver|release|released|build|firmware|upgrade|upgraded|update|
        updated|downgrade|patch|changelog|semver|kernel|driver|revision|rev|release notes|
        chapter|section|abschnitt|kapitel|clause|paragraph|figure|table|oid|versie|versione|
        versao|wersja|sekcja|chapitre|seccion|capitulo|sezione|mise a jour|aktualisierung|
        python|node|nginx|openssl|postgres|postgresql|redis|library|package|plugin|app|sdk|
        tag|bios|assembly|artikel|article|rfc|annex|appendix|articulo|articolo|artigo|
        articles|hoofdstuk|paragraaf|rozdzial|punkt|ziffer|seccao|secao|paragrafo|parrafo|
        punto|rubrique|alinea|kapittel|avsnitt|luku|item no|chrome|firefox|safari|java|
        dotnet|runtime|bumped|bump|pinned|requires""",
    "other": """
        compute|calculate|evaluate|solve|subtract|minus|plus|sum|sum of|product of|
        difference|berechne|rechne|calcule|calculer|calcula|calcular|calcola|bereken|oblicz|
        tracking code|order code|booking code|reference code|tracking is|number of units|
        order|orders|order number|order id|invoice|invoice number|ticket|tickets|tracking|
        tracking number|parcel|shipment|isbn|issn|ean|gtin|upc|sku|serial|serial number|
        part number|part|imei|iccid|customer|customer id|customer number|user id|employee|
        employee id|case|case number|reference|ref|po|purchase order|transaction|
        transaction id|booking|reservation|batch|lot|article number|item|product|model|
        model number|meter|issue|bug|commit|sha|hash|checksum|build number|population|
        revenue|timestamp|unix time|epoch|page|pages|line|flight|doi|orcid|asin|
        version number|request id|session id|trace id|job|job id|job number|record|row|
        member number|membership|policy number|file number|contract|contract number|session|
        trace|uuid|guid|zip|postcode|lottery|draw|lotto|coordinates|latitude|longitude|lat|
        lon|bestellung|bestellnummer|auftrag|auftragsnummer|rechnung|rechnungsnummer|
        sendungsnummer|kundennummer|artikelnummer|seriennummer|vorgang|vorgangsnummer|
        aktenzeichen|vertragsnummer|sendung|commande|facture|numero de commande|
        numero de facture|suivi|colis|numero de suivi|numero de serie|dossier|
        reference client|pedido|factura|numero de pedido|numero de factura|seguimiento|
        envio|referencia|expediente|ordine|fattura|numero ordine|spedizione|numero di serie|
        codice cliente|pratica|encomenda|fatura|numero do pedido|rastreio|rastreamento|
        nota fiscal|protocolo|bestelling|bestelnummer|factuur|factuurnummer|klantnummer|
        zendingsnummer|serienummer|ordernummer|dossiernummer|zamowienie|zamowienia|faktura|
        numer zamowienia|numer faktury|przesylka|fakturanummer|bestallning|ordrenummer|
        tilaus|lasku|siparis|заказ|заказа|счет|счета|накладная|трек|eori|vat|vat id|ust id|
        tva|btw|siren|siret|kvk|company number|duns|lei|score|scores|scored|rating|ratings|
        points|punkte|matrix|rows|seed|hex|measured|serie|charge|chargennummer|lieferschein|
        lieferscheinnummer|materialnummer""",
    "id": """
        insurance no|insurance nr|health insurance|social number|fiscal number|
        fiscaal nummer|fiscaalnummer|persoonsnummer|sofinr|rijksregisternr|nationaal nr|
        sozialvers|versnr|soc sec|numero de identificacao fiscal|numero fiscale|identity no|
        identity nr|national no|national id no|national id number|civil registration|
        person number|persoonlijk nummer|id no|id nr|id nummer|tin|tax no|taxpayer number|
        personal no|personal id number|ident nr|national identification|state id|
        resident number|registration number of the person|identiteitsnummer|
        identitetsnummer|numero d'identite|numero de identificacion|numero de identificacao|
        numero di identita|identyfikator|personal code|national id|national identity|
        identity card|identity number|id card|id number|identification number|
        national number|personal number|personal identity|identity document|identification|
        tax id|tax number|tax identification|tax file|taxpayer|social security|
        social insurance|national insurance|insurance number|personal id|citizen|
        health number|ausweis|ausweisnummer|personalausweis|steuer id|steuernummer|
        sozialversicherung|sozialversicherungsnummer|securite sociale|numero fiscal|
        carte d'identite|documento|documento de identidad|identidad|cedula|
        numero de identidad|documento di identita|identificatienummer|burgerservice|
        rijksregister|numer identyfikacyjny|personnummer|personnumer|henkilotunnus|
        rodne cislo|isikukood|asmens kodas|personas kods|идентификационный номер""",
    "id:us": """
        social security no|ssns|ss number|ssn|social security|social security number|social|
        itin|socials|social sec|taxpayer identification|taxpayer id""",
    "id:gb": """
        national insurance number|nhs no|nino number|nhs|nhs number|nino|national insurance|
        ni number|utr|unique taxpayer reference|taxpayer reference""",
    "id:ca": """
        sin number|sins|sin|social insurance|social insurance number|
        numero d'assurance sociale|nas|phn|personal health number|care card""",
    "id:au": "tfn number|tfn|tax file|tax file number|medicare|medicare number",
    "id:nz": "ird|ird number",
    "id:ie": "pps|ppsn|pps number|ppsn number",
    "id:de": """
        steuernummer|steuer nr|st nr|sozialversicherungsnr|steueridentnr|steuer ident nr|
        steueridentifikationsnr|identnr|vsnr|versicherungsnr|steuer id nr|steuernr|
        rentenversicherungsnr|steuer identnummer|steuer id|steueridentifikationsnummer|
        steuerliche identifikationsnummer|idnr|steuer idnr|steuerid|
        steuer identifikationsnummer|identifikationsnummer|tax id|rentenversicherungsnummer|
        versicherungsnummer|sozialversicherungsnummer|rvnr|svnr|sv nummer|personalausweis|
        personalausweisnummer|ausweisnummer|krankenversichertennummer|versichertennummer|
        rentenversicherung|kvnr""",
    "id:at": """
        steuernummer|abgabenkontonummer|sozialversicherungsnr|versicherungsnr|vsnr|sv nr|
        svnummer|svnr|sv nummer|sozialversicherungsnummer|sozialversicherung|
        versicherungsnummer""",
    "id:ch": "ahv|ahv nummer|ahv nr|avs|numero avs|ahvn|sozialversicherungsnummer|oasi",
    "id:fr": """
        carte vitale|immatriculation|no de securite sociale|no de secu|n de secu|ss|
        securite sociale|numero de securite sociale|numero de secu|secu|nir|insee|
        numero fiscal|numero fiscal de reference|spi""",
    "id:be": """
        identiteitskaart|eid|carte d identite|nn|rrn|rijksregister nr|insz nummer|
        numero niss|rijksregister|rijksregisternummer|registre national|numero national|
        nationaal nummer|insz|niss|numero de registre national""",
    "id:nl": """
        bsnnummer|bsn nr|bsns|sofi|bsn|burgerservicenummer|sofinummer|burgerservice|
        sofi nummer|bsn nummer|citizen service number""",
    "id:lu": "matricule",
    "id:es": """
        nuss|seguridad social|numero de la seguridad social|numero de afiliacion|dni|nie|
        nif|documento nacional de identidad|numero de identidad de extranjero""",
    "id:pt": """
        n contribuinte|numero fiscal|nifs|nif|contribuinte|numero de contribuinte|
        cartao de cidadao|numero de identificacao fiscal|cc|bilhete de identidade""",
    "id:it": "codice fiscale|cf|cod fisc|c f",
    "id:pl": """
        dowod|dowod osobisty|dowodu|numer dowodu|dowodu osobistego|pesel|numer pesel|nip|
        peselu|peselem""",
    "id:cz": "rodne cislo|rc|r c|rodnym cislem|rodneho cisla",
    "id:sk": "rodne cislo|rc|r c|rodnym cislom|rodneho cisla",
    "id:hu": """
        taj|taj szam|taj szama|adoazonosito|adoazonosito jel|adoazonosito jele|
        szemelyi szam""",
    "id:ro": "cnp|cod numeric personal",
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
        tc kimlik|tc|kimlik|kimlik numarasi|kimlik no|tckn|t c kimlik|tc kimlik no|
        vatandaslik""",
    "id:se": "personnummer|personnr|pnr|samordningsnummer|personal identity number",
    "id:no": """
        fodselsnummeret|fødselsnummeret|fnr|fodselsnummer|fødselsnummer|fodselsnr|fødselsnr|
        personnummer|d nummer""",
    "id:dk": "cpr|cpr nummer|cpr nr|cprnr|cpr nummeret|personnummer",
    "id:fi": "hetu|henkilotunnus|henkilotunnukseni|henkilotunnuksesi|personbeteckning|sotu",
    "id:is": "kennitala|kt|kennitalan",
    "id:ee": "isikukood|isikukoodi",
    "id:lt": "asmens kodas|ak|a k|asmens kodo",
    "id:lv": "personas kods|personas kodu|p k",
    "id:br": "cpf|cadastro de pessoas fisicas|rg",
    "id:ar": "dni|cuit|cuil",
    "id:cl": "rut|run|rol unico tributario|rol unico",
    "id:co": "cedula|cedula de ciudadania|nit|cc",
    "id:ec": "cedula|cedula de identidad|ci",
    "id:do": "cedula",
    "id:pe": "dni|cui",
    "id:uy": "cedula|ci",
    "id:ve": "cedula|rif",
    "id:cr": "cedula",
    "id:mx": "curp|rfc",
    "id:ae": "emirates id|eid|emirates",
    "id:sa": "iqama|saudi id|national id",
    "id:cu": "carne de identidad|ci",
    "id:in": "aadhaar|aadhar|uidai|pan|pan card|pan number|uid|epic|voter id|आधार",
    "id:pk": "cnic|nic",
    "id:id": "nik|ktp|nomor induk kependudukan|npwp",
    "id:my": "nric|mykad|ic number|ic|kad pengenalan|no ic",
    "id:sg": "nric|fin|singpass",
    "id:th": "citizen id|thai id|เลขบัตรประชาชน|เลขประจำตัวประชาชน|บัตรประชาชน",
    "id:kr": "rrn|resident registration|주민등록번호|resident registration number",
    "id:jp": "my number|マイナンバー|個人番号|mynumber",
    "id:cn": "身份证|身份证号|身份证号码|resident id|resident identity|shenfenzheng|身分證",
    "id:tw": "身分證|身分證字號|national id",
    "id:hk": "hkid|hong kong identity|hkid number|香港身份證|身份證",
    "id:il": "teudat zehut|תעודת זהות|ת ז|israeli id",
    "id:za": "rsa id|south african id|sa id|id nommer|identity number|id number",
    "id:eg": "national id",
    "id:mu": "nid",
    "id:ph": "tin|philsys|sss",
}
UNSPACED = {
    "phone": ("电话", "電話", "手机", "手機", "联系", "携帯", "전화", "휴대폰", "โทร", "연락처"),
    "card": ("信用卡", "银行卡", "卡号", "カード", "카드"),
    "other": ("订单", "訂單", "注文", "주문", "发票", "單號", "单号"),
    "id:cn": ("身份证",),
    "id:tw": ("身分證",),
    "id:hk": ("身份證",),
    "id:jp": ("マイナンバー", "個人番号"),
    "id:kr": ("주민등록번호", "주민번호"),
    "id:th": ("บัตรประชาชน", "ประจำตัวประชาชน"),
    "id:il": ("תעודת זהות", 'ת"ז', "ת.ז"),
    "id:in": ("आधार",),
}
