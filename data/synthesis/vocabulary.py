"""Words the catalogues and parties are composed of, in five languages; invented or everyday."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


# What is sold, by catalogue and language.
NOUNS: dict[str, dict[str, tuple[str, ...]]] = {
    "goods": {
        "en": _words(
            "Hex Bolt|Wire Rope Clip|Ball Valve|Copy Paper A4|LED Panel|Shelf Bracket|"
            "Nitrile Gloves|Drill Bit Set|Cable Tie|Paint Roller|Pallet Wrap|Air Filter|"
            "Bearing|Brake Pad|Toner Cartridge|Office Chair|T-Shirt|Cotton Towel|Water "
            "Bottle|Plastic Bag|Storage Box|Batteries AA|Power Supply|Hose Clamp|Wood "
            "Screw|Steel Sheet|Packing Tape|Safety Helmet|USB Cable|Garden Hose|Door "
            "Hinge|Candle|Picture Frame|Phone Case|Bath Mat|Hand Soap|Motor Oil|Coat "
            "Hanger|Spanner|Fire Extinguisher"
        ),
        "de": _words(
            "Sechskantschraube|Kugelhahn|Kopierpapier A4|Kabelbinder|Farbroller|"
            "Trennblätter A4|Faltenbeutel|Dichtungsring|Stahlblech|Holzschraube|"
            "Schutzhelm|Taschenlampe|Wandregal|Handtuch|Trinkflasche|Bürostuhl|"
            "Tonerkartusche|Schlauchschelle|Luftfilter|Netzteil|Klebeband|"
            "Reinigungsmittel|Müllbeutel|Unterlegscheibe|Leergutpfand|Lagerbox|"
            "Bohrersatz|Arbeitshandschuhe|Rohrverbinder|Fensterdichtung"
        ),
        "fr": _words(
            "Vis à tête hexagonale|Robinet à boisseau|Papier A4|Collier de serrage|"
            "Rouleau de peinture|Lampe de poche|Casque de chantier|Gants nitrile|Ramette "
            "de papier|Étagère murale|Serviette coton|Bouteille isotherme|Cartouche "
            "toner|Filtre à air|Kit d'étanchéité|Panneau stratifié|Receveur de douche|"
            "Ruban adhésif|Charnière|Câble électrique"
        ),
        "es": _words(
            "Tornillo hexagonal|Papel A4|Guantes de nitrilo|Casco de seguridad|Cinta "
            "adhesiva|Filtro de aire|Cable eléctrico|Silla de oficina|Botella de agua|"
            "Válvula de bola|Caja de cartón|Toalla de algodón"
        ),
        "it": _words(
            "Vite esagonale|Carta A4|Guanti in nitrile|Casco di sicurezza|Nastro adesivo|"
            "Filtro aria|Cavo elettrico|Sedia da ufficio|Bottiglia|Valvola a sfera|"
            "Scatola di cartone|Asciugamano"
        ),
    },
    "food": {
        "en": _words(
            "Fried Rice|Iced Tea|Chicken Wings|Coffee Beans|Mineral Water|Orange Juice|"
            "Cheddar|Olive Oil|Whole Milk|Chocolate Bar|Tomato Sauce|Tuna Chunks|Greek "
            "Yoghurt|Butter Croissant|Nasi Lemak|Noodle Soup|Green Apples|Frozen Peas|"
            "Burger Bun|Soya Drink|Egg Tray|Pork Ribs|Caesar Salad|Basmati Rice|Lager "
            "Beer|Pudding"
        ),
        "de": _words(
            "Gelierzucker Extra|Zitronensäure|Joghurt Banane|Bierbrau Pils|Mineralwasser|"
            "Kaffeebohnen|Vollmilch|Butter|Tomatenmark|Apfelsaft|Roggenbrot|"
            "Käseaufschnitt|Nudeln|Olivenöl|Schokolade|Frühstück|Tagesgericht|Currywurst"
        ),
        "fr": _words(
            "Nougat de l'Abbaye|Biscuits aux raisins|Huile d'olive|Café en grains|Eau "
            "minérale|Jus d'orange|Beurre doux|Confiture de fraises|Fromage de chèvre|"
            "Pâtes fraîches|Vin rouge|Menu du jour"
        ),
        "es": _words(
            "Aceite de oliva|Agua mineral|Café molido|Queso manchego|Jamón ibérico|Pan "
            "integral|Zumo de naranja|Arroz"
        ),
        "it": _words(
            "Olio d'oliva|Acqua minerale|Caffè macinato|Parmigiano|Prosciutto crudo|"
            "Pasta fresca|Succo d'arancia|Riso"
        ),
    },
    "services": {
        "en": _words(
            "Consulting Services|Site Inspection|Labor|Installation|Maintenance "
            "Agreement|Training Session|Translation|Graphic Design|Delivery Service|"
            "Cleaning Service|Legal Review|Project Management|Repair Work|Travel "
            "Expenses|Security Guard|Equipment Rental|Freight Handling|Photography"
        ),
        "de": _words(
            "Beratungsleistung|Montage|Arbeitszeit Techniker|Wartungsvertrag|Schulung|"
            "Übersetzung|Reisekosten|Übernachtung|Fahrtkosten|Reinigung Büroräume|"
            "Projektleitung|Reparatur|Transportkosten|Planungsleistung|Kommissionierer|"
            "Wirkarbeit HT"
        ),
        "fr": _words(
            "Prestation de conseil|Main d'œuvre|Installation|Contrat de maintenance|"
            "Formation|Traduction|Frais de déplacement|Nettoyage des locaux|Gestion de "
            "projet|Transport|Location de matériel"
        ),
        "es": _words(
            "Servicios de consultoría|Instalación|Mantenimiento|Formación|Traducción|"
            "Limpieza|Transporte|Gastos de viaje"
        ),
        "it": _words(
            "Consulenza|Installazione|Manutenzione|Formazione|Traduzione|Pulizia uffici|"
            "Trasporto|Spese di viaggio"
        ),
    },
    "software": {
        "en": _words(
            "Cloud Hosting|User License|Support Plan|Data Storage|Domain Renewal|API "
            "Calls|Backup Service|Email Accounts|Subscription Pro|Virtual Server|SSL "
            "Certificate|Bandwidth"
        ),
        "de": _words(
            "Lizenz|Cloud Hosting|Supportvertrag|Datenspeicher|Domain|Servermiete|"
            "Software Wartung|Grundpreis|Grundgebühr|Benutzerkonto"
        ),
        "fr": _words(
            "Licence utilisateur|Hébergement|Abonnement|Stockage de données|Nom de "
            "domaine|Support technique"
        ),
        "es": _words("Licencia|Alojamiento web|Suscripción|Almacenamiento|Dominio|Soporte técnico"),
        "it": _words("Licenza|Hosting|Abbonamento|Archiviazione dati|Dominio|Supporto tecnico"),
    },
    "property": {
        "en": _words(
            "Monthly Rent|Insurance Premium|Service Charge|Electricity|Parking Space|"
            "Property Tax|Water Supply|Liability Cover|Waste Collection|Heating Costs"
        ),
        "de": _words(
            "Kaltmiete|Nebenkosten|Versicherungsbeitrag|Strom|Stellplatz|Heizkosten|"
            "Abfallgebühr|Ökosteuer Lieferant|Grundpreis"
        ),
        "fr": _words(
            "Loyer mensuel|Prime d'assurance|Charges locatives|Électricité|Place de parking|Eau"
        ),
        "es": _words("Alquiler mensual|Prima de seguro|Electricidad|Plaza de garaje|Agua"),
        "it": _words("Canone di locazione|Premio assicurativo|Elettricità|Posto auto|Acqua"),
    },
}
# Sizes, colours and versions that follow a noun.
SPECS = _words(
    "black|white|blue|red|grün|noir|large|XL|M8x40|10 mm|35.5x25.5cm|120ml|1.5L|"
    "500 g|2 kg|18V|DN25|A2-70|48MM*100M|20/0500|Premium|Extra|Standard|Pro|Type "
    "B|3x2,5 mm²|0.8 mm 3070x1320|RAL 9010|24W 4000K|50 m|100 St.|Pack of 10|"
    "(Dozen)|(small)|Gr. 42|Serie 300|V2|12V/5A|1st floor|Q3|March|Woche 12|"
    "01/2024|EU|US"
)
UNITS: dict[str, tuple[str, ...]] = {
    "en": _words("EA|PCS|pcs|Each|BOX|CS|CTN|KG|lb|M|ft|PK|DZ|UN|PR|RL|bag|pc"),
    "de": _words(
        "Stk|Stück|St.|Stk.|St|kg|m|m²|Ktn|Karton|Pkg|VE|Pack|l|Rolle|Paar|Palette|C62|H87"
    ),
    "fr": _words("U|pièce|pce|pcs|kg|m|ml|lot|carton|boîte|L|unité|PU"),
    "es": _words("ud|uds|unid.|kg|m|caja|pza|L"),
    "it": _words("pz|PZ|nr|kg|mt|conf.|cf|L"),
}
TIME_UNITS: dict[str, tuple[str, ...]] = {
    "en": _words("hrs|HR|Hours|h|day|days|mo|month|LS|lot|users"),
    "de": _words("Std|Std.|h|Tage|Tag|Monat|Mon.|psch|kWh|LS"),
    "fr": _words("h|heures|jour|jours|mois|forfait"),
    "es": _words("h|horas|día|mes"),
    "it": _words("ore|h|giorni|mese"),
}
SHOWS = _words(
    "News|Morning News|Evening News|Late News|Early Show|The Quiz Hour|Game "
    "Night|Morning Rotator|Prime Rotator|Late Movie|Talk Today|Sunday Politics|"
    "Weather First|Sports Final|Doctor's Hour|Judge Marlow|Wheel of Luck|Noon "
    "Report|Kids Club|Saturday Matinee|Baseball Live|Drama at Nine|Local Live|"
    "World Report|Various|Sitcom Block|Football|Overnight"
)
DAYS = _words("M-F|M-Su|Sa-Su|Sa|Su|Mo-Fr|M-Th|Tu|W|Th|F|MTWTF|Mon-Fri|M-Sa")
# Parts of made-up words.
SYLLABLES = _words(
    "ba|be|bo|da|den|do|fa|fi|gar|go|ha|hol|ka|kel|ko|la|lem|li|lo|mar|me|mo|nar|"
    "ne|no|or|pa|per|ra|ren|ri|ro|sa|sen|so|ta|tel|ti|to|va|ver|vi|wa|wen|za|zel|"
    "zo|bra|cro|dri|fle|gri|pla|sti|tre"
)
LEGAL: dict[str, tuple[str, ...]] = {
    "en": _words("Inc.|LLC|Ltd|Ltd.|Corp.|Co.|& Sons|Group|SDN BHD|Pty Ltd|Supply Co|LP|"),
    "de": _words("GmbH|GmbH & Co. KG|AG|KG|e.K.|OHG|UG"),
    "fr": _words("SARL|SAS|SA|et Fils|EURL"),
    "es": _words("S.L.|S.A.|e Hijos"),
    "it": _words("S.r.l.|S.p.A.|& Figli"),
}
TRADES: dict[str, tuple[str, ...]] = {
    "en": _words(
        "Supply|Hardware|Trading|Foods|Media|Electric|Packaging|Broadcasting|"
        "Logistics|Systems|Tools|Television|Partners|Industries|Farms|Books"
    ),
    "de": _words(
        "Handel|Technik|Großhandel|Bau|Elektro|Logistik|Werkzeuge|Verlag|Druck|Lebensmittel"
    ),
    "fr": _words("Distribution|Matériaux|Services|Transports|Bâtiment|Alimentation|Conseil"),
    "es": _words("Suministros|Comercial|Servicios|Alimentos|Construcciones"),
    "it": _words("Forniture|Commerciale|Servizi|Alimentari|Costruzioni"),
}
STREETS: dict[str, tuple[str, ...]] = {
    "en": _words(
        "Main Street|Oak Ave|Industrial Pkwy|2nd St|Harbor Road|Market St|Jalan "
        "Permas|Commerce Blvd|Station Road|Lincoln Dr|W Ontario St"
    ),
    "de": _words(
        "Hauptstraße|Bahnhofstr.|Industriestraße|Lindenweg|Am Markt|Gartenstr.|Schulstraße"
    ),
    "fr": _words(
        "rue de la Paix|avenue de la Gare|chemin des Vignes|bd Voltaire|rue du Port|ZAC du Parc"
    ),
    "es": _words("Calle Mayor|Avda. del Puerto|Calle del Sol|Camino Real"),
    "it": _words("Via Roma|Via Garibaldi|Corso Italia|Piazza Duomo"),
}
TOWNS: dict[str, tuple[str, ...]] = {
    "en": _words(
        "Springfield, IL|Dayton, OH|Austin TX|Fresno, CA|Leeds|Bristol|Kuala Lumpur|"
        "Atlanta, GA|Salem, OR|Bangor, ME|Perth WA|Toronto ON"
    ),
    "de": _words("Hamburg|München|Köln|Nürnberg|Düsseldorf|Leipzig|Musterstadt|Zürich|Sarstedt"),
    "fr": _words("Lyon|Nantes|Paris|Bordeaux|Lille|Malaunay|Genève"),
    "es": _words("Madrid|Sevilla|Valencia|Bilbao"),
    "it": _words("Milano|Torino|Bologna|Napoli"),
}
