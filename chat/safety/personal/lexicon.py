"""The words that say what a number beside them is, in the languages that teams write.

`tel` marks the words that are nothing but the name of a telephone number, `other` what is none of
these kinds, and `figure` what is no number of a person or a telephone either, but may stand beside
a card's. A table: phrases are apart by `|`, read without accents and capitals. Those for the
numbers of persons are in `id_words`. Imports nothing of Parley.
"""

PHRASES = {
    "phone tel": """
        phone|phones|telephone|telephones|tel|cell|cellphone|cell phone|mobile|mobile phone|
        mobile number|fax|telefax|whatsapp|phone number|contact number|direct line|direct dial|
        switchboard|cell number|telephone number|landline|hotline|helpline|freephone|toll free|
        home phone|work phone|office phone|workphone|homephone|phone no|mob|ph|msisdn|caller id|
        callerid|dial|phone nr|callback number|fax no|fax number|work number|home number|
        telefon|telefonnummer|handy|handynummer|mobilnummer|mobiltelefon|rufnummer|durchwahl|
        festnetz|natel|handynr|tel nr|telnr|telno|telefonnr|mobilnr|ruckrufnummer|notfallnummer|
        fon|mobil|mobiltel|telefon privat|telephonique|portable|telecopie|fixe|
        numero de telephone|numero de portable|ligne directe|tel portable|numero vert|
        numero de mobile|telefono|telefonos|movil|celular|fijo|tfno|tlf|tlfn|tlfno|telf|
        numero de telefono|numero de movil|telefono movil|telefono fijo|cellulare|recapito|
        recapito telefonico|numero di telefono|numero di cellulare|numero verde|telefone|
        telemovel|telefones|telem|tlm|tlmv|numero de telefone|numero de telemovel|telefoon|
        telefoonnummer|mobiel|gsm|mobiele nummer|gsm nummer|huistelefoon|telnummer|telefoni|
        komorka|komorkowy|numer telefonu|nr telefonu|nr tel|tel kom|kom|telefonu|telefonem|
        infolinia|telefonnumret|mobilen|mobiltelefonnummer|vaxel|vaxeln|tlf nr|puhelin|puh|
        puhelinnumero|puhelinnumeroni|matkapuhelin|kannykka|mobilni|telefonni|telefonni cislo|
        telefonne cislo|mobilne cislo|mobilu|telefonszam|telefonszamom|mobilszam|telefonul|
        nr de telefon|numar de telefon|telefon mobil|broj telefona|broj mobitela|mobitel|
        telefonska|cep telefonu|cep telefonum|telefonum|sabit hat|telefono nr|mano telefonas|
        telefonas|talrunis|τηλεφωνο|τηλεφωνου|τηλ|κινητο|κιν|телефон|тел|телефону|телефона|
        мобильный|мобильныи|моб|номер телефона|мобільний|мобільнии|номер телефону|сотовый|факс|
        телефонът|טלפון|הטלפון|טל|נייד|هاتف|جوال|موبايل|تلفون|हाथ|फोन|मोबाइल|ddi|local line|
        outside line|phone line|my line|our line|own line""",
    "phone": """
        port|tfn|reached|message|leave a message|messaggio|nachricht|mensaje|mensagem|bericht|
        messaggi|customer service|customer support|support line|help desk|helpdesk|urgence|
        surgery|kundendienst|kundenservice|service client|atencion al cliente|servizio clienti|
        klantenservice|kundtjanst|obsluga klienta|desk|my number|his number|her number|
        their number|your number|our number|this number|new number|old number|meine nummer|
        seine nummer|ihre nummer|neue nummer|deine nummer|unsere nummer|meine nr|alte nummer|
        die nummer|mon numero|son numero|votre numero|notre numero|ton numero|leur numero|
        nouveau numero|mi numero|su numero|tu numero|nuestro numero|nuevo numero|este numero|
        mio numero|il numero|suo numero|tuo numero|nuovo numero|nostro numero|meu numero|
        seu numero|teu numero|nosso numero|novo numero|mijn nummer|zijn nummer|haar nummer|
        nieuwe nummer|ons nummer|moj numer|jego numer|jej numer|nowy numer|numer do|moje cislo|
        mitt nummer|mit nummer|mitt nr|nytt nummer|nummeret mitt|numret ar|numeroni|numeroon|
        mano numeris|moj broj|мои номер|ваш номер|номер|benim numaram|numaram|text|texted|
        texting|phoned|phoning|called|calling|callback|call back|rang|reach|reachable|
        emergency contact|contact no|office|reception|front desk|after hours|on call|caller|
        callee|voicemail|missed call|phone in|dial in|dialled|dialed|dialing|telephoned|sms to|
        sms|kontaktnummer|zentrale|telephoner|telephonez|contacter|joindre au|au telephone|
        telefonisk|telefonische|telefonici|telefonica|chiamami al|chiamare il|chiami|telefoneer|
        call|ring|text me|contact|contacts|contact us|contacte|contacta|contactez|contactar|
        contattare|kontakt|kontaktieren|kontaktdaten|contatti|reach me|reach him|reach her|
        reached at|reached on|reach us|extension|signal|viber|telegram|telefonisch|anrufen|
        anruf|angerufen|ruf|rufe|rufen|ruft|ruckruf|zuruckrufen|erreichbar|erreichen|erreichst|
        erreicht|klingel durch|simse|appelez|appeler|appelle|appelez moi|appel|joindre|
        joignable|rappeler|rappelle|rappelez|coordonnees|texto|numero d urgence|
        standard telephonique|le standard|llamar|llama|llame|llameme|llamame|llamarme|llamada|
        llamadas|marque|marcar|datos de contacto|contactos|contatos|avisar|centralita|
        linea gratuita|chiama|chiamare|chiamami|chiamatemi|chiamate|chiamarmi|centralino|
        rispondo al|ligar|ligue|liga|ligue me|liguem|contato|contacto|contacte nos|zap|recado|
        bel|bellen|bereikbaar|bereiken|app me|sms je|contactgegevens|opbellen|zadzwon|zadzwonic|
        dzwon|dzwonic|dzwoncie|proszę dzwonic|oddzwonic|sekretariat|ring mig|ring pa|ringa|
        nas pa|nar du mig|fange mig|ring meg|ringe|ring til|soita|soittakaa|tavoitat|volat|
        volejte|zavolat|zavolejte|zavolajte|volajte|hivjon|hivj|hivhat|suna|sunati|sunam|nazovi|
        nazovite|javi se|pokličite|cep|ara|arayin|arayabilirsiniz|arayabilirsin|skambinkite|
        helista|helistage|zvanit|позвоните|позвонить|позвони|звоните|звони|перезвоните|
        телефонувати|подзвоніть|дзвоніть|обадете|обади|καλεστε|παρτε με|התקשר|תתקשרו|اتصل|
        اتصلوا|contact details|telefono de contacto|out of hours""",
    "card": """
        debitkarte|girocard|bankkarte|ec karte|karten|betaalpas|pinpas|bankpas|bankkort|
        kontokort|betalingskort|visakort|kreditkort|kredi karti|platebni karta|kartya|
        bankkartya|luottokortti|carte de paiement|cb|tarjetas|cartoes|cartao|carta di pagamento|
        cvv|cvc|cvv code|expiry|exp|expires|valid thru|gultig bis|cardholder|karteninhaber|
        titular|cc|cc number|paid with|charge|charged|charging|bezahlt|belastet|kreditka|debit|
        credit|prepaid|card|cards|credit card|debit card|card number|visa|mastercard|amex|
        american express|discover|diners|jcb|maestro|unionpay|pan|kreditkarte|
        kreditkartennummer|kartennummer|karte|carte bancaire|carte bleue|carte|carte de credit|
        tarjeta|tarjeta de credito|carta di credito|carta|cartao de credito|creditcard|
        creditcardnummer|karta|karty|numer karty|kort|kortnummer|карта|карты|kart""",
    "iban": """
        iban|bank account|account number|kontonummer|bankverbindung|konto|compte|cuenta|conto|
        conta|bankrekening|rekeningnummer|rachunek|konta|tili|bic|sepa""",
    "ip": """
        ip|ip address|ip addresses|ipv|host|server|gateway|dns|ping|ssh|subnet|client|
        login from|logged in from|ip adresse|adresse ip|direccion ip|indirizzo ip|endereco ip|
        address|adresse|indirizzo|direccion|endereco|adres|nameserver|proxy|router|firewall|
        cortafuegos|rechner|serveur|servidor|inet|upstream|remote addr|forwarded for|real ip|
        listen|listening|connect|connection|host name|hostname|traceroute|port|vpn|nat|peer|
        node ip|allowlist|blocklist|whitelist|blacklist|block|ban|banned|blocked|sperren|
        freischalten|zugriff|accesso|acceso|acces|toegang""",
    "version": """
        version|versions|v|ver|release|released|build|firmware|upgrade|upgraded|update|updated|
        downgrade|patch|changelog|semver|kernel|driver|revision|rev|release notes|chapter|
        section|abschnitt|kapitel|clause|paragraph|figure|table|oid|versie|versione|versao|
        wersja|sekcja|chapitre|seccion|capitulo|sezione|mise a jour|aktualisierung|python|node|
        nginx|openssl|postgres|postgresql|redis|library|package|plugin|app|sdk|tag|bios|
        assembly|artikel|article|rfc|annex|appendix|articulo|articolo|artigo|articles|hoofdstuk|
        paragraaf|rozdzial|punkt|ziffer|seccao|secao|paragrafo|parrafo|punto|rubrique|alinea|
        kapittel|avsnitt|luku|item no|chrome|firefox|safari|java|dotnet|runtime|bumped|bump|
        pinned|requires""",
    "other": """
        tracking code|order code|booking code|reference code|order number|order id|
        invoice number|tracking number|serial number|part number|customer id|customer number|
        user id|employee id|case number|reference|transaction id|article number|model number|
        build number|version number|request id|session id|trace id|job id|job number|
        member number|policy number|file number|contract number|bestellnummer|auftragsnummer|
        rechnungsnummer|sendungsnummer|kundennummer|artikelnummer|seriennummer|vorgangsnummer|
        vertragsnummer|numero de commande|numero de facture|numero de pedido|numero de factura|
        numero ordine|codice cliente|numero do pedido|bestelnummer|factuurnummer|klantnummer|
        zendingsnummer|serienummer|ordernummer|dossiernummer|numer zamowienia|numer faktury|
        fakturanummer|ordrenummer|chargennummer|lieferscheinnummer|materialnummer|compute|
        calculate|evaluate|solve|subtract|minus|plus|sum|sum of|product of|difference|berechne|
        rechne|calcule|calculer|calcula|calcular|calcola|bereken|oblicz|number of units|order|
        orders|invoice|ticket|tickets|tracking|tracking is|parcel|shipment|isbn|issn|ean|gtin|
        upc|sku|serial|part|imei|iccid|case|ref|po|purchase order|transaction|booking|
        reservation|batch|lot|item|product|model|meter|issue|bug|commit|sha|hash|checksum|
        population|revenue|timestamp|unix time|epoch|page|pages|flight|doi|orcid|asin|job|
        record|membership|contract|session|trace|uuid|guid|zip|postcode|lottery|draw|lotto|
        coordinates|latitude|longitude|lat|lon|bestellung|auftrag|rechnung|vorgang|aktenzeichen|
        sendung|charge|lieferschein|commande|facture|suivi|colis|numero de suivi|
        numero de serie|dossier|reference client|pedido|factura|seguimiento|envio|referencia|
        expediente|ordine|fattura|spedizione|numero di serie|pratica|encomenda|fatura|rastreio|
        rastreamento|nota fiscal|protocolo|bestelling|factuur|zamowienie|zamowienia|faktura|
        przesylka|bestallning|tilaus|lasku|siparis|заказ|заказа|счет|счета|накладная|трек|eori|
        vat|vat id|ust id|tva|btw|siren|siret|kvk|company number|duns|lei|score|scores|scored|
        rating|ratings|points|punkte|matrix|rows|seed|hex|measured|serie""",
    "figure": """
        account no|account nr|account id|account ref|calls|texts|answered|count|counts|size|
        duration|cost|costs|length|type|cases|passport id|contact id|phone id|sn|parts|
        inhabitants|pmid|arxiv|gps|meeting|meeting id|passcode|webinar|zoom|docket|patent|
        drawing|asset tag|claim|vin|chassis|mileage|balance|amount|subtotal|total|votes|visits|
        visitors|views|followers|iteration|bytes|pid|routing|sort code|swift|az|
        geschaftszeichen|kassenzeichen|paket|lieferung|vertrag|gutschein|mandatsreferenz|
        einwohner|zahler|zahlerstand|fahrgestell|flurstuck|betrag|summe|umsatz|plz|postleitzahl|
        art nr|best nr|rg nr|re nr|kd nr|auftr nr|kto nr|mat nr|ser nr|no de serie|n de serie|
        habitants|montant|parcelle|siege|numero client|poblacion|habitantes|importe|matricula|
        bastidor|folio|catastral|cups|protocollo|abitanti|importo|partita iva|p iva|particella|
        rea|matricola|targa|populacao|cnpj|cep|valor|apolice|kenmerk|meterstand|bedrag|zending|
        pakket|inwoners|faktury|przesylki|przesylke|kwota|regon|krs|ludnosci|umowa nr|ordre|ocr|
        kid|bankgiro|plusgiro|organisationsnummer|organisasjonsnummer|org nr|cvr|viitenumero|
        viite|y tunnus|objednavka|ico|dic|rendeles|szamla|comanda|narudzba|tutar|nufus|заказу|
        сумма|население|огрн|кпп|ust idnr|ape|contact hours|message id|text id|call id|
        signal id|telegram id|device id|chat id|channel id|event id|process id|object id|
        post id|thread id|call number|angebot|offerte|quotation|quote|devis|presupuesto|
        preventivo|orcamento|oferta|tilbud|offert|zaak|sprawa|sak|sag|arende|licitacion|kit|abn|
        acn|ein|crn|charity number|passed|failed with code""",
}
# What a sum is one of.
UNITS = """
    haushalte vues vistas seats species observations downloads messages times mal fois veces volte
    vezes keer razy ganger gange kertaa visits visitors users people followers subscribers views
    units pieces boxes items rows words characters tokens besucher nutzer abonnenten stuck
    personen aufrufe zeichen abonnes visiteurs personnes seguidores personas usuarios visitas
    unidades persone abitanti pessoas bezoekers osob bytes byte kb mb gb tb mah hz mhz ghz mm cm m
    km kg g mg ml l px pt dpi kwh euro euros dollars eur usd gbp chf kr zl pln pounds minutes min
    hours days percent ms s"""
# What has numbers and codes of its own: `customer no.`, `Kunden-Nr.`, `código de cliente`.
NUMBERED = """
    customer|client|user|employee|staff|member|membership|patient|student|supplier|vendor|
    account holder|order|invoice|ticket|tracking|parcel|part|article|model|serial|case|file|
    reference|booking|reservation|contract|policy|build|version|request|session|trace|job|
    transaction|confirmation|receipt|batch|lot|item|product|claim|licence|license|library card|
    loan|cheque|document|registration|vehicle|asset|
    kunden|mitglieds|mitarbeiter|patienten|auftrags|bestell|rechnungs|vertrags|
    vorgangs|artikel|serien|material|sendungs|liefer|chargen|policen|matrikel|zahler|
    numero de commande|numero de facture|numero de client|numero de dossier|numero de contrat|
    numero de pedido|numero de factura|numero de cliente|numero de contrato|
    numero ordine|numero fattura|numero cliente|codice cliente|codice ordine|
    numero do pedido|numero da fatura|numero do cliente|codigo do cliente|
    klant|bestel|factuur|order|zendings|dossier|serie|lidmaatschaps|polis|
    numer zamowienia|numer faktury|numer klienta|numer umowy|numer przesylki|
    kund|faktura|medlems|ordre|kunde|medlem|asiakas|tilaus|lasku"""
NUMBERINGS = "no|nr|num|number|numbers|id|ids|code|ref|nummer|numero|numer"
# Compounds, as German and its neighbours have them. What is no other number is one of something.
STEMS = {
    "phone tel": r"""(?:telefo|telepho|puhelin|mobilfunk|mobiltele|mobilnum|handynum|rufnum|
        hotline|faxnum)\w*|
        \w+(?:telefon|telefone|telefonu|telefoon|handy|hotline|puhelin|
        (?:telefon|telefoon|ruf|handy|mobil|fax)num(?:mer|mern|ber|ret|meret))|
        (?:privat|dienst|buro|festnetz|notfall|notruf|kontakt|praxis|service|bereitschafts|
        storings|storungs|nood|thuis|vaste?|werk|info|alarm|gratis|jobb|hem|hjemme|arbejds|
        arbeids|kontor|direkt)num(?:mer|mern|ret|meret)""",
    "card": r"\w*(?:karten|kaart|kort|card)(?:num\w+|nr)|\w*(?:kreditkart|creditcard|bankkart)\w*",
    "figure numbered": r"\w{3,}(?:nummer|nummern|nummers|numret|nummeret|nr)",
}
UNSPACED = {
    "phone": (
        *(
            "电话",
            "電話",
            "手机",
            "手機",
            "联系",
            "聯絡",
            "座机",
            "传真",
            "号码是",
            "携帯",
            "連絡先",
        ),
        *("전화", "휴대폰", "핸드폰", "연락처", "번호는", "โทร", "เบอร์", "มือถือ"),
    ),
    "card": ("信用卡", "银行卡", "卡号", "カード", "카드"),
    "other": ("订单", "訂單", "注文", "주문", "发票", "發票", "請求書", "單號", "单号", "金额"),
    "id:cn": ("身份证", "公民身份"),
    "id:tw": ("身分證",),
    "id:hk": ("身份證",),
    "id:jp": ("マイナンバー", "個人番号"),
    "id:kr": ("주민등록번호", "주민번호"),
    "id:th": ("บัตรประชาชน", "ประจำตัวประชาชน"),
    "id:il": ("תעודת זהות", 'ת"ז', "ת.ז"),
    "id:in": ("आधार",),
    "id:passport": ("护照", "護照", "旅券", "パスポート", "여권"),
}
