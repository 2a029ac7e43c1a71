"""French wording of documents from France, Belgium, Switzerland, Quebec and Tunisia."""

from data.synthesis.languages.language import Language, texts, words

FRENCH = Language(
    code="fr",
    share=10,
    titles=texts(
        invoice=(
            "FACTURE|Facture|Facture de vente|Facture proforma|FACTURE N°|Facture d'acompte|"
            "Facture client|Facture de prestations"
        ),
        credit_memo="AVOIR|Avoir|Note de crédit|Facture d'avoir|NOTE DE CRÉDIT|Avoir client",
        purchase_order=(
            "Bon de commande|BON DE COMMANDE|Commande|Confirmation de commande|Bon de cde|Accusé "
            "de réception de commande|ORDRE D'ACHAT"
        ),
        packing_slip=(
            "Liste de colisage|LISTE DE COLISAGE|Bordereau de colisage|Bordereau d'expédition|Note "
            "de colisage"
        ),
        delivery_note=(
            "Bon de livraison|BON DE LIVRAISON|BL|Bordereau de livraison|Bon d'expédition|Note de "
            "livraison"
        ),
        bill_of_lading=(
            "Connaissement|Lettre de voiture|CMR|LETTRE DE VOITURE|Récépissé de transport"
        ),
        proof_of_delivery=(
            "Preuve de livraison|Accusé de réception|Bon de livraison émargé|Attestation de "
            "livraison"
        ),
        receipt="FACTURETTE|Ticket de caisse|REÇU||TICKET|Note|Ticket client",
        other=(
            "Relevé de compte|Tarif|Rappel|Devis|DEVIS|Relevé de factures|Avis d'échéance|Lettre "
            "de relance"
        ),
    ),
    numbers=texts(
        invoice=(
            "Facture n°|N° de facture|N° facture|Numéro de facture|Facture N°|N° Fact.|Fact. n°|"
            "FACTURE N°|N° document|Facture"
        ),
        credit_memo="Avoir n°|N° avoir|N° d'avoir|Numéro d'avoir|Note de crédit n°",
        purchase_order=(
            "Commande n°|N° de commande|N° commande|Bon de commande n°|N° cde|Numéro de commande|"
            "BC n°"
        ),
        delivery_note="BL n°|N° BL|Bon de livraison n°|N° de bon de livraison|N° livraison",
    ),
    days=texts(
        invoice=(
            "Date de facture|Date facture|Date|Date de facturation|Le|Date d'émission|Facture du|"
            "En date du"
        ),
        credit_memo="Date d'avoir|Date de l'avoir|Date|Date d'émission",
        purchase_order="Date de commande|Date commande|Date|Commande du|Passée le",
        delivery_note="Date|Date du BL",
    ),
    fields=texts(
        document_id="{} n°|Numéro|N°|N° pièce|N° document|Réf.|Notre réf.|Document n°",
        document_date="Date|Le|Date d'émission|Date du document|Date pièce|Établi le",
        due_date=(
            "Échéance|Date d'échéance|Date échéance|À payer avant le|Date limite de paiement|"
            "Payable le|Règlement au|Échéance le"
        ),
        delivery_date=(
            "Date de livraison|Livré le|Date livraison|Date d'expédition|Expédié le|Livraison du|"
            "Date de la prestation"
        ),
        purchase_order=(
            "Votre commande|N° commande|Référence commande|Votre réf.|Votre cde|V/Réf.|Commande "
            "client|N° de commande client|Votre commande n°|Cde n°|Bon de commande|V/Commande"
        ),
        original_invoice_id=(
            "Facture d'origine|Réf. facture|Sur facture n°|Avoir sur facture|Facture initiale|"
            "Facture de référence"
        ),
        currency="Devise|Monnaie|Dev.",
    ),
    headings=words(
        "{title} n° {number} du {day}|{title} N°{number} du {day}|{title} {number} en date du {day}"
    ),
    other_fields=words(
        "N° client|Conditions|Mode de règlement|Représentant|N° TVA|SIRET|Contact|Livraison|"
        "Incoterms|Page|Référence|Dossier|Code client|Réf. client|Votre contact|Affaire suivie par|"
        "Vendeur|N° Siret|Code APE|RCS|N° TVA intracom.|TVA intracommunautaire|Mode de livraison|"
        "Transporteur|Conditions de paiement|Mode de paiement|Commercial|Chantier|Projet|N° "
        "contrat|Période|N° compteur|Point de livraison|Poids total|Nb colis|Tél.|Fax|Email|IBAN|"
        "BIC|Page n°|Dépôt|Magasin|Caisse|Table|Objet|N° de devis|Chauffeur"
    ),
    seller_labels=words("Vendeur|Expéditeur|Fournisseur|Vendeur :|Émetteur|Fournisseur :"),
    buyer_labels=words(
        "Facturé à|Client|Adresse de facturation|Facturation|Destinataire|Client :|Adressé "
        "à|Acheteur|Envoyer à|Adresse de facturation :"
    ),
    place_labels=words(
        "Adresse de livraison|Livré à :|Adresse de livraison :|Livraison|Livrer à|Bénéficiaire"
    ),
    heads=texts(
        line_number="N°|Pos.|Ligne|#|N° ligne|Lig.|Pos|Ln|Rang",
        product_code=(
            "Référence|Réf.|Code|Code article|Art.|Réf|Ref|Réf. article|Référence article|Code "
            "art.|Code produit|N° article|Réf. produit|Article n°|REF."
        ),
        buyer_item_id=(
            "Votre réf.|Réf. client|Votre code|Votre référence|Code client|Réf. acheteur"
        ),
        gtin="GTIN|EAN|Gencod|Code EAN|Code-barres|EAN13",
        description=(
            "Désignation|Description|Libellé|Article|Désignation des produits|DÉSIGNATION|"
            "Désignation article|Libellé article|Description des produits|Produit|Prestation|"
            "Nature de la prestation|Intitulé|Détail|Description de l'article"
        ),
        quantity=(
            "Qté|Quantité|Qte|Nbre|QTÉ|Qte.|Qté.|Quant.|Qté fact.|Nb|Nombre|Heures|Quantité "
            "facturée|Nb d'unités|Consommation"
        ),
        unit="Unité|U|Un.|Unités|UM|U.V.|Cond.|Unité de mesure|UV|Colisage",
        unit_price=(
            "Prix unitaire|P.U.|P.U. HT|Prix Unit.|PU HT|Prix net|P.U. net|PU|Prix unitaire HT|PU "
            "net HT|P.U.H.T.|P.U. €|Prix HT|PU € HT|Prix unit. HT|Px unitaire|Px unit.|P.U. EUR|"
            "Tarif horaire|Prix|Prix U. HT|P.unitaire"
        ),
        price_base_quantity="Par|Base prix|Base|Pour|Unité de prix",
        discount_rate=(
            "Remise|Rem. %|Disc.|Rem.|Remise %|% Remise|% Rem|Rem|Rem%|R. %|Taux remise"
        ),
        discount_amount="Montant remise|Remise|Remise €|Rabais|Mt remise|Remise HT",
        amount=(
            "Montant|Total HT|Montant HT|Total|Prix total|Total net|Montant net|Montant H.T.|"
            "MONTANT HT|Total H.T.|Total HT €|Montant € HT|Mt HT|Mont. HT|Prix total HT|Total "
            "ligne|Montant net HT|Total € HT|Net HT|Total EUR|Valeur|Montant EUR|Total net HT|Prix "
            "total H.T."
        ),
        gross_amount=(
            "Total TTC|Montant TTC|TTC|T.T.C.|Montant T.T.C.|Prix TTC|Total T.T.C.|TTC €"
        ),
        tax_rate="TVA|TVA %|Taux TVA|T.V.A.|% TVA|Tx TVA|TVA (%)|Taux|Code TVA|Taux de TVA",
        tax_amount="Montant TVA|TVA|Mt TVA|Montant T.V.A.|TVA €|Taxe",
        date=(
            "Date|Date livr.|Livré le|Date de livraison|Date prest.|Jour|Date d'exécution|Date "
            "liv.|Délai"
        ),
        po_number="Commande|N° cde|N° commande|Cde|Votre cde|N° de commande|Réf. commande",
        quantity_ordered=(
            "Qté cdée|Commandé|Qté commandée|Qté com.|Qté cde|Commandée|Quantité commandée|Qté "
            "demandée|Cdé"
        ),
        quantity_shipped=(
            "Qté livrée|Livré|Expédié|Livrée|Qté liv.|Quantité livrée|Qté exp.|Qté expédiée|"
            "Expédiée"
        ),
        quantity_backordered="Reliquat|Reste|Reste à livrer|RAL|Solde|Qté restante|À livrer",
        quantity_received="Reçu|Qté reçue|Quantité reçue|Reçue|Qté rec.|Réceptionné",
        quantity_rejected="Refusé|Manquant|Refusée|Manquants|Avarié|Qté refusée|Cassé",
        list_price="Prix brut|Tarif|Prix catalogue|Prix public|P.U. brut|PU brut|Tarif public",
        quantity_unit="Quantité|Qté|Qté / U|Qté/Unité|Quantité / Unité|Qté U",
    ),
    detail_heads=words("Du|Au|Jours|Nombre|Prix|Taux"),
    sections=words(
        "Bon de livraison {} du {day}|Commande {}|Votre commande {} du {day}|Lot {n}|"
        "Chapitre {n}|{n}. {noun}|{noun}|Chantier {}|Livraison du {day}"
    ),
    discounts=words("Remise|Rabais|Remise commerciale|Remise exceptionnelle"),
    nets=words("Net|Montant net|Net HT"),
    parts=words("incl.|composé de :|dont|comprenant"),
    charges=words(
        "Frais de port|Consigne|Éco-participation|Frais d'emballage|Transport|Frais de livraison"
    ),
    head_groups=texts(
        quantity="Quantité|Qté|Quantités",
        money="Prix|Montants en {currency}|Montant|{currency}",
        article="Article|Produit",
    ),
    party_labels=words("Nom|Adresse|Contact|Téléphone|E-mail|N° TVA|SIRET|Identifiant|Numéro|RCS"),
    subtotals=words(
        "Sous-total|À reporter|Report|Total page|SOUS-TOTAL|Sous total|Total lot|Report page "
        "précédente|Sous-total HT|Total intermédiaire|Total chapitre"
    ),
    totals=texts(
        sub_total=(
            "Total HT|Sous-total|Total net|Montant HT|Total H.T.|TOTAL HT|Total net HT|Base HT|"
            "Montant total HT|Net HT|Total HT net|Montant net HT|Total marchandises|Total hors "
            "taxes|Base taxable"
        ),
        total_discount=(
            "Remise|Remise globale|Remise totale|Rabais|Escompte|Remise HT|Total remises|Remise "
            "commerciale"
        ),
        shipping_charge=(
            "Frais de port|Port|Transport|Port HT|Frais de livraison|Livraison|Participation "
            "transport|Frais d'expédition|Transport HT|Port et emballage"
        ),
        total_tax=(
            "TVA|Total TVA|Montant TVA|T.V.A.|Total T.V.A.|TVA 20 %|TVA 20,00%|Montant de la TVA|"
            "TVA totale|Total taxes|dont TVA|Taxes"
        ),
        invoice_total=(
            "Total TTC|Montant total|TOTAL|Total général|Total T.T.C.|TOTAL TTC|Montant TTC|Total "
            "facture|Total TTC €|Total à payer|Montant total TTC|NET A PAYER|Total EUR|Total "
            "facture TTC|Total général TTC|TOTAL TTC EUR"
        ),
        amount_due=(
            "Reste à payer|Net à payer|Solde dû|Residual|NET À PAYER|Net à payer TTC|Montant dû|"
            "Solde à payer|Montant à payer|À payer|Solde"
        ),
    ),
    paid=words(
        "Acompte|Déjà réglé|Acompte versé|Payé|Déjà payé|Acomptes|Règlement|Espèces|CB|Carte "
        "bancaire|Avance"
    ),
    terms=words(
        "Paiement à 30 jours fin de mois.|Pas d'escompte pour paiement anticipé.|En cas de retard, "
        "une indemnité de 40 € est due.|TVA acquittée sur les débits.|Merci de votre confiance.|"
        "Franco de port à partir de 300 €.|Règlement à réception de facture.|Clause de réserve de "
        "propriété : la marchandise reste notre propriété jusqu'au paiement complet.|Pénalités de "
        "retard : 3 fois le taux d'intérêt légal.|Aucun escompte pour règlement anticipé.|TVA non "
        "applicable, art. 293 B du CGI.|Exonération de TVA, autoliquidation.|Les marchandises "
        "voyagent aux risques du destinataire.|Merci d'indiquer le numéro de facture avec votre "
        "règlement.|Marchandise reçue en bon état.|Merci de votre visite, à bientôt."
    ),
    notes=words(
        "N° de série {}|Lot {}|Origine : FR|Réf. {}|Période : {}|dont éco-participation {}|Code "
        "douanier {}|N° de lot : {}|DLUO {}|BL {} du 12/03|Votre réf. : {}|Livraison du {}|Poids "
        "net {}|Commande {}|S/N {}|Garantie 2 ans"
    ),
    joints=words("{} à {}|pour|Nos prestations :|Selon notre accord :"),
    nouns=texts(
        goods=(
            "Vis à tête hexagonale|Robinet à boisseau|Papier A4|Collier de serrage|Rouleau de "
            "peinture|Lampe de poche|Casque de chantier|Gants nitrile|Ramette de papier|Étagère "
            "murale|Serviette coton|Bouteille isotherme|Cartouche toner|Filtre à air|Kit "
            "d'étanchéité|Panneau stratifié|Receveur de douche|Ruban adhésif|Charnière|Câble "
            "électrique|Chaise de bureau|Perceuse sans fil|Joint torique|Boîte de rangement|Tuyau "
            "PVC|Ampoule LED|Sac poubelle|Agrafes|Peinture blanche mate|Chaussures de sécurité|"
            "Stylo bille|Palette bois|Étiquettes adhésives|Disjoncteur"
        ),
        food=(
            "Nougat de l'Abbaye|Biscuits aux raisins|Huile d'olive|Café en grains|Eau minérale|Jus "
            "d'orange|Beurre doux|Confiture de fraises|Fromage de chèvre|Pâtes fraîches|Vin rouge|"
            "Menu du jour|Baguette tradition|Crème fraîche|Poulet fermier|Farine de blé|Sucre en "
            "poudre|Formule midi|Bière blonde|Tarte aux pommes|Café crème"
        ),
        services=(
            "Prestation de conseil|Main d'œuvre|Installation|Contrat de maintenance|Formation|"
            "Traduction|Frais de déplacement|Nettoyage des locaux|Gestion de projet|Transport|"
            "Location de matériel|Déplacement|Entretien espaces verts|Honoraires|Réparation|Heures "
            "technicien|Création graphique|Gardiennage"
        ),
        software=(
            "Licence utilisateur|Hébergement|Abonnement|Stockage de données|Nom de domaine|Support "
            "technique|Maintenance logicielle|Sauvegarde en ligne|Certificat SSL|Licence annuelle"
        ),
        property=(
            "Loyer mensuel|Prime d'assurance|Charges locatives|Électricité|Place de parking|Eau|"
            "Assurance multirisque|Gaz naturel|Taxe foncière|Ordures ménagères|Chauffage"
        ),
    ),
    units=words(
        "U|pièce|pce|pcs|kg|m|ml|lot|carton|boîte|L|unité|PU|PCE|un|boite|sac|rouleau|paire|cart.|"
        "pal.|m²|m2|m3|bouteille|btl|FUT|Pce|U.|colis|unités|barquette"
    ),
    time_units=words(
        "h|heures|jour|jours|mois|forfait|H|hr|Jours|ens.|nuit|semaine|an|Fft|km|kWh|heure"
    ),
    legal=words(
        "SARL|SAS|SA|et Fils|EURL|S.A.R.L.|S.A.S.|S.A.|SASU|SNC|& Cie|Frères|SCI|SRL|SPRL|Sàrl"
    ),
    trades=words(
        "Distribution|Matériaux|Services|Transports|Bâtiment|Alimentation|Conseil|Quincaillerie|"
        "Électricité|Industrie|Emballages|Boulangerie|Équipements|Négoce|Informatique|Plomberie|"
        "Menuiserie|Imprimerie|Énergie|Restauration|Médias"
    ),
    streets=words(
        "rue de la Paix|avenue de la Gare|chemin des Vignes|bd Voltaire|rue du Port|ZAC du Parc|"
        "rue Victor Hugo|rue des Lilas|place de l'Église|route de Paris|impasse du Moulin|rue "
        "Pasteur|boulevard de la République|allée des Tilleuls|quai de Seine"
    ),
    towns=words(
        "Lyon|Nantes|Paris|Bordeaux|Lille|Malaunay|Genève|Marseille|Toulouse|Strasbourg|Rennes|"
        "Bruxelles|Liège|Lausanne|Montréal|Dijon|Grenoble|Angers|Reims|Saint-Étienne|Le Havre|Sfax|"
        "Tunis"
    ),
    departments=words(
        "Service comptabilité|À l'attention du service achats|BP 402|Bâtiment B|Service réception|"
        "CS 20014|Zone industrielle"
    ),
    street_form="{house} {street}",
    town_form="{code} {town}",
    postcodes=words("#####|#####|#####|####|F-#####"),
    phones=words(
        "0# ## ## ## ##|0#.##.##.##.##|+33 # ## ## ## ##|+32 # ### ## ##|+41 ## ### ## ##"
    ),
    tax_ids=words("FR##########|FR## ### ### ###|FR###########|BE 0###.###.###|CHE-###.###.###"),
    tax_rates=words("20|20|20|20|10|5.5|2.1|0|21|6|19"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|CHF|CHF|CAD|CAD|TND|XOF"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1.234,56|1234,56|1234,56"),
    sign_sides=words("after|after|after|after|before"),
    dates=words(
        "%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d/%m/%y|%d/%m/%y|%d.%m.%Y|%d-%m-%Y|%-d %B %Y|%d %B "
        "%Y|%d %b %Y|%Y-%m-%d|%d/%m/%Y"
    ),
    months=words(
        "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    ),
    short_months=words("janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc."),
)
