"""English wording of documents from the US, the UK, India, Malaysia and Australia."""

from data.synthesis.languages.language import Language, texts, words

ENGLISH = Language(
    code="en",
    share=52,
    titles=texts(
        invoice=(
            "INVOICE|Invoice|Tax Invoice|TAX INVOICE|Commercial Invoice|Sales Invoice|BILL|"
            "Proforma Invoice|VAT Invoice|GST INVOICE|Freight Invoice|SERVICE INVOICE|"
            "Statement/Invoice|INVOICE/STATEMENT|Self-billed Invoice|Rental Invoice|Invoice (380)"
        ),
        credit_memo=(
            "CREDIT MEMO|Credit Note|CREDIT NOTE|Credit Memorandum|CREDIT|Credit Invoice|RETURN "
            "CREDIT|Adjustment Note"
        ),
        purchase_order=(
            "PURCHASE ORDER|Purchase Order|ORDER|Order Confirmation|CONTRACT|Order|Sales Order|"
            "Insertion Order|ORDER RESPONSE|PURCHASE ORDER CONFIRMATION|Acknowledgment|Order "
            "Acknowledgement|Work Order|BLANKET ORDER|Release Order"
        ),
        packing_slip=(
            "PACKING SLIP|Packing List|PACKING LIST|Packing Slip|Shipping List|PICK TICKET|Packing "
            "Note|Shipper|PACKLIST|Ship Ticket"
        ),
        delivery_note=(
            "DELIVERY NOTE|Delivery Note|Delivery Docket|DELIVERY TICKET|Despatch Note|Delivery "
            "Order|DELIVERY ORDER|Delivery Slip|DELIVERY CHALLAN|Delivery Invoice|Goods Delivery "
            "Note|DESPATCH ADVICE|Shipping Notice"
        ),
        bill_of_lading=(
            "BILL OF LADING|Straight Bill of Lading|Bill of Lading - Short Form|WAYBILL|"
            "Consignment Note|STRAIGHT BILL OF LADING - ORIGINAL - NOT NEGOTIABLE|BOL|Air Waybill|"
            "FREIGHT BILL"
        ),
        proof_of_delivery=(
            "PROOF OF DELIVERY|Proof of Delivery|POD|Delivery Receipt|Delivery Confirmation|SIGNED "
            "DELIVERY RECEIPT|Delivery Record|Receiving Report"
        ),
        receipt=(
            "RECEIPT|TAX INVOICE|-INVOICE-|CASH BILL|SIMPLIFIED TAX INVOICE|Sales Receipt||CASH "
            "RECEIPT|GUEST CHECK|Sale|OFFICIAL RECEIPT|CASH SALE|Bill|Customer Copy"
        ),
        other=(
            "STATEMENT OF ACCOUNT|Price List|Remittance Advice|REMINDER|Dear Customer|STATEMENT|"
            "Account Statement|Quotation|ESTIMATE|Debit Note|NOTICE|PAYMENT ADVICE|Certificate of "
            "Analysis"
        ),
    ),
    numbers=texts(
        invoice=(
            "Invoice No.|Invoice #|Invoice Number|Inv. No.|Inv No|Inv #|Invoice Nbr|Invoice ID|"
            "INVOICE NO|Invoice|Bill No.|Bill Number|Tax Invoice No.|INV. NUMBER|Document Number|"
            "Invoice/Ref No.|Our Invoice No."
        ),
        credit_memo=(
            "Credit Memo No.|Credit Note No.|Credit Memo #|CM No.|Credit No.|CN No.|Credit Nbr|"
            "Credit Memo Number|Adjustment No."
        ),
        purchase_order=(
            "PO Number|P.O. No.|PO #|PO No|Order No.|Order Number|Purchase Order No.|P.O. Nbr|"
            "Order #|Contract #|Contract / Revision|Order / Rev|Contract No.|PO|"
            "Order Nbr|Our Order No.|SO #|Sales Order No."
        ),
        delivery_note=(
            "Delivery Note No.|DN No.|D/O No.|DO Number|Delivery No.|Docket No.|Delivery #|"
            "Despatch No.|Ticket #|Shipment No.|Challan No."
        ),
    ),
    days=texts(
        invoice=(
            "Invoice Date|Inv. Date|Inv Date|Date of Invoice|Date|Bill Date|Billing Date|INVOICE "
            "DATE|Tax Point|Dt.|Dated|Date Invoiced|Invoice Dt"
        ),
        credit_memo="Credit Date|Credit Memo Date|Date|CN Date|Date Issued|Credit Note Date",
        purchase_order=(
            "Order Date|PO Date|P.O. Date|Date|Date Ordered|Date of Order|Contract Dates|Ord. Date|"
            "Entered|Written"
        ),
        delivery_note="Date|Despatch Date|D/O Date|Dispatched On|DN Date",
    ),
    fields=texts(
        document_id=(
            "{} No.|{} #|{} Number|No.|Number|{} No|Document No.|Doc No|{} ID|Ref No|Reference|Our "
            "Ref|Doc. Nbr|Document #|{} Nbr|{} Ref"
        ),
        document_date=(
            "Date|{} Date|Issue Date|Dated|Print Date|Date Issued|Doc Date|Document Date|Printed|"
            "Created On|DATE"
        ),
        due_date=(
            "Due Date|Payment Due|Due|Pay By|Pay By Date|Payment Due Date|DUE DATE|Net Due Date|"
            "Date Due|Due on|Payable by|Due Dt"
        ),
        delivery_date=(
            "Delivery Date|Ship Date|Date Shipped|Delivered|Del. Date|Shipped|Date of Supply|"
            "Shipped On|Requested Delivery|Need By|Delivered On|Date of Delivery|Supply Date|Deliv "
            "Date"
        ),
        purchase_order=(
            "PO Number|P.O. No.|Your Order|PO #|Customer PO|Order #|Purchase Order|Order No.|Your "
            "Reference|Cust. Order|Cust PO|P.O. Nbr|P.O. NUMBER|PO No|Your PO|Customer Order No.|"
            "Buyer's Order No.|Cust. P.O.|Your Ref.|Customer P.O. #|Client Order|PO Ref|"
            "Estimate/PO|Contract #|Contract No.|YOUR ORDER NO|L.P.O. No."
        ),
        original_invoice_id=(
            "Original Invoice|Ref. Invoice|Invoice Ref|Applies to Invoice|Orig. Invoice No.|"
            "Against Invoice|Invoice Credited|Original Inv #|Re: Invoice|Ref. Inv. No."
        ),
        currency="Currency|Curr.|Cur|Ccy|Invoice Currency|Currency Code",
    ),
    headings=words(
        "{title} No. {number} dated {day}|"
        "{title} {number} of {day}|"
        "{title} #{number} - {day}|"
        "{title} {number} ({day})"
    ),
    other_fields=words(
        "Name|Advertiser Code|Attention|Invoice Period|Order Flight|Invoice Month|"
        "Billing Contact|Billing Cycle|Buying Contact|Estimate|"
        "Original Date / Rev|Alt Order #|Alt. Order No.|Agency Order #|Primary AE|"
        "Product Code|Product Desc|External ID|Unit Code|"
        "Special Handling|Agency Code|Comments|Commission %|Date Entered|Printed at|"
        "Last Modified|CPE|Agency Ref|Advertiser Ref|External #|Priority|Demo|Notes|"
        "Quantity Total|Reason Code|Legal Registration ID|Electronic Address|"
        "Effective Period|Purpose Code|Profile|Copy Indicator|Document Status|Global ID|"
        "Catalog ID|Contract Ref|Requisitioner|"
        "Customer No.|Account #|Terms|Ship Via|Sales Rep|Estimate #|Flight Dates|Agency|"
        "Advertiser|Product|Salesperson|Account Executive|Billing Calendar|Billing Type|Property|"
        "Sales Office|Sales Region|FOB|Warehouse|Page|Route|Driver|Carrier|Weight|VAT ID|Tax ID|"
        "Cashier|Revision|Deal #|Demographic|Contact|Packages|Incoterms|Department|Alt Order #|"
        "Cust. ID|Customer ID|Acct No|Account Number|Customer #|Bill-To No.|Terms of Payment|"
        "Payment Terms|Pmt Terms|Ship Method|Shipping Method|F.O.B.|F.O.B. Point|Freight Terms|"
        "Slsp|Slsmn|Sales Person|Entered By|Ordered By|Buyer|Attn|Phone|Fax|Page No|Job No.|"
        "Project|Job Name|Tracking #|Pro Number|SCAC|Trailer No.|Seal #|Total Weight|GSTIN|GST Reg "
        "No|GST No.|PAN|State Code|Place of Supply|Vehicle No.|E-Way Bill No.|HSN|VAT Reg. No.|"
        "Company No.|SST ID|ABN|EIN|Meter No.|Service Address|Billing Period|Statement Date|"
        "Previous Balance|Reading Date|Sort Code|Account No.|IBAN|SWIFT|Routing No.|Table|Server|"
        "Register|Terminal|Trans #|Store #|Station|Market|Client|Estimate No.|Brand|Buying Agency|"
        "Broadcast Month|Spot Length|Schedule Dates|Political|Order Type|Invoice Type|Your Contact|"
        "Our Contact|Quote No.|Quote #|BOL #|Load #|Dock|Zone"
    ),
    seller_labels=words(
        "Vendor|Supplier|Supplier:|Seller|From:|Seller:|Vendor Name|Sold By|Issued by"
    ),
    buyer_labels=words(
        "Bill To|BILL TO:|Sold To:|Billing Address:|Customer|Buyer|Advertiser|Sold-to|Bill-to "
        "Address|INVOICE TO|Invoice To:|SOLD TO|Buyer (Bill to)|Customer Name|Attn.|Billed To|To:|"
        "M/S|Messrs|Client|Buyer:|Bill to"
    ),
    place_labels=words(
        "Ship To|Remit To|Deliver To:|SHIP TO:|Consignee|Send Payment To:|Ship-to Address|Delivery "
        "Address|Deliver to|Consignee (Ship to)|Remit To:|Mail Payment To|Shipped To|Shipper|Ship "
        "From|Return To|Payee|Station"
    ),
    heads=texts(
        line_number=(
            "#|Line|Ln|Pos|No.|Item #|Line No|S.No|*Line|Sr. No.|S. No.|Sl No.|SL|Sr|Sno|Ln#|Line "
            "#|LN|Line Nbr|Item No|Itm|No|Seq|Pos."
        ),
        product_code=(
            "Item|Code|SKU|Part No.|Item No.|Product|Item Code|Part Number|Catalog #|Material|"
            "Product ID|Stock Code|Item Nbr|Item ID|Part #|P/N|PN|Stock No.|Stock #|Product Code|"
            "Prod. Code|Cat. No.|Cat #|Material No.|Item Number|Model|Model No.|Style|Style #|"
            "Article No.|Vendor Part|Mfr. Part No.|ITEM CODE|Part|HSN/SAC Code|PLU|Vendor Item|"
            "Item/SKU|Our Part No."
        ),
        buyer_item_id=(
            "Cust. Item|Your Item|Customer Part|Buyer Code|Cust P/N|Your Part No.|Cust. Part No.|"
            "Customer Item No.|Your Code|Your Ref|Buyer Item|Cust Mat. No."
        ),
        gtin="UPC|GTIN|EAN|Barcode|UPC Code|EAN/UPC|UPC #|Bar Code|UPC/EAN|EAN No.|Case UPC",
        description=(
            "Description|Item Description|Product|Details|Description of Goods|Particulars|Service|"
            "Program|Inventory Code|Article|Product Description|Activity|Item & Description|"
            "DESCRIPTION|Desc.|Desc|Item Name|Particulars of Goods|Service Description|Description "
            "of Services|Name of Product|Item Descr|Item/Description|Description/Comments|Material "
            "Description|Goods|Charge Description|Title|Name|Nature of Goods|Program Name|Work "
            "Performed"
        ),
        quantity=(
            "Qty|Quantity|QTY|Qty.|Units|Hours|# of Units|Spots|Total Spots|Pieces|Billed Qty|"
            "Count|QUANTITY|Qnty|Qty Shp|Qty Invd|Qty Inv|Inv Qty|Invoiced|Quan|Sold Units|Units "
            "Sold|Nos|Pcs|No. of Units|Hrs|Qty/Hrs|Hours/Qty|Cases|Nights|Days|Volume|Usage|"
            "Quantity Billed|Qty Billed|# Spots|No. Spots|Quant.|Q'ty|QTY.|Billed"
        ),
        unit=(
            "UOM|Unit|U/M|UoM|Units|UM|Pack|UNIT|Unit of Measure|U.O.M.|Meas|U of M|Um|Unit Meas|"
            "UNITS|Uom|Pkg|Pack Size|Sell Unit|Measure"
        ),
        unit_price=(
            "Unit Price|Price|Rate|Unit Cost|Price Each|U/P|Each|Cost|Unit Rate|S/Price|Net Price|"
            "Price/Unit|UNIT PRICE|Unit Cst|Unit Pr.|U.Price|U. Price|Price Ea|Price/Ea|Price "
            "(each)|Sell Price|Selling Price|Unit Net|Unit Net Price|Net Unit Price|Rate/Unit|"
            "Price/UOM|Cost Each|Cost/Unit|Net Cost|Unit Amount|Hourly Rate|Rate per Unit|Unit "
            "Charge|Spot Rate|Price per Unit|Unit Price (excl. VAT)|Your Price|Cost Ea|Net Rate|"
            "Invoice Price|UNIT COST"
        ),
        price_base_quantity=(
            "Per|Price per|Price Unit|Price Base|Price per Qty|Unit Qty|Per Qty|Price UOM|Prc Unit|"
            "/Qty"
        ),
        discount_rate=(
            "Disc %|Disc.|Discount|Disc|DISC%|Disc.%|Dis %|Discount %|Disc (%)|Less %|% Disc|Disc "
            "%age|Dsc%"
        ),
        discount_amount=(
            "Discount|Disc. Amt|Allowance|Discount Amount|Disc. Amount|Less|Savings|Disc Value|"
            "Less Discount|Rebate|Discount Amt"
        ),
        amount=(
            "Amount|Total|Line Total|Extension|Ext. Price|Net Amount|Extended|Amount (Net)|Total "
            "Price|Net|Ext Amount|Subtotal|AMOUNT|Ext Price|Extended Price|Ext. Amount|Ext Amt|"
            "Ext. Cost|Ext Cost|Extended Cost|Extended Amount|Ext.|Extn|TOTAL|Line Amount|Line Amt|"
            "Amt|Amt.|Line Value|Value|Net Value|Goods Value|Total Amount|Total Amt|Total Cost|"
            "Total Net|Net Amt|Net Total|Taxable Value|Total (ex GST)|Total excl. VAT|Amount (RM)|"
            "Amount (Rs.)|Amount USD|Charges|Amount Charged|Invoice Amount|Item Total|Sub Total|"
            "Sales Amount|Total Charge|Net Sales|Sum|Charge"
        ),
        gross_amount=(
            "Gross|Total incl. Tax|Amount inc VAT|Gross Total|Total (incl.)|Gross Amt|Total inc. "
            "GST|Total Inc VAT|Amount incl. GST|Incl. Tax|Inc VAT|Total w/ Tax|Amount (Incl. SST)|"
            "Gross Amount"
        ),
        tax_rate=(
            "Tax %|VAT|VAT %|GST %|Tax Rate|TAX|GST Rate|VAT Rate|IGST %|CGST %|SGST %|SST %|T%|"
            "TAX %|Rate %|Tax (%)|GST(%)|% Tax"
        ),
        tax_amount=(
            "Tax|VAT Amount|Tax Amt|GST|Tax Amount|GST Amt|VAT Amt|IGST|CGST|SGST|Tax Value|SST|"
            "HST|VAT|Sales Tax|GST Amount|Tax Total"
        ),
        date=(
            "Date|Service Date|Ship Date|Start Date|Air Date|Del. Date|Start|Date of Service|DOS|"
            "Svc Date|Trans Date|Del Date|Delivery Date|Req. Date|Date Req'd|Due Date|Posting Date|"
            "Work Date|DATE|Need By|Promise Date"
        ),
        po_number=(
            "PO|PO #|Order No.|PO No.|Your Order|Cust PO|Cust. PO|Order|P.O.|P.O. #|Your PO|Order "
            "#|Sales Order|SO #|Reference"
        ),
        quantity_ordered=(
            "Ordered|Qty Ordered|Order Qty|ORD|Ord.|Qty Ord|Requested Qty|Qty Ord.|Ord Qty|Ordered "
            "Qty|QTY ORD|Order Quantity|Quantity Ordered|Qty Req|Req Qty|Qty. Ordered"
        ),
        quantity_shipped=(
            "Shipped|Qty Shipped|Ship Qty|SHP|Shp.|Delivered|Qty Delivered|Qty Ship|QTY SHP|Qty "
            "Shpd|Shipped Qty|Ship|Qty. Shipped|Quantity Shipped|Delivered Qty|Qty Del|Del Qty|"
            "Desp. Qty|Qty Desp|Qty Sent|Issued|This Delivery|Supplied"
        ),
        quantity_backordered=(
            "Backordered|B/O|BO|Back Ord|Qty B/O|Open|Balance|Qty BO|Backorder|B.O.|Bk Ord|Back "
            "Order|To Follow|Outstanding|Qty Open|O/S Qty|Bal. Qty|B/Ord"
        ),
        quantity_received=(
            "Received|Qty Received|Rec'd|Qty Rec|Accepted|Recd|Recd.|Rec. Qty|Received Qty|Qty "
            "Rcvd|Rcvd|Quantity Received|GR Qty|Qty Accepted"
        ),
        quantity_rejected=(
            "Rejected|Damaged|Short|Refused|Qty Rej|Rej.|Rejected Qty|Qty Damaged|Rej Qty|Qty "
            "Short|Returned|Shortage|Over/Short"
        ),
        list_price=(
            "List Price|Gross Price|MSRP|Retail|LIST|List|Base Price|Catalog Price|RRP|MRP|SRP|Std "
            "Price|Reg. Price|Orig. Price"
        ),
        quantity_unit=(
            "Qty/Unit|Quantity|Qty UOM|Qty.|Qty / Unit|Qty/UOM|Qty & Unit|Qty (Unit)|Quantity/UM|"
            "QTY/UM"
        ),
    ),
    detail_heads=words("Start Date|End Date|Weekdays|Spots/Week|Rate|Rating"),
    sections=words(
        "Order {}|Delivery note {} of {day}|Your order {} dated {day}|Section {n}|"
        "Store {}|Department {n}|Shipment {}|{n}. {noun}|{noun}|Project {}|"
        "Period {day} - {day}|Title {n}|Ship date {day}|Job {}"
    ),
    discounts=words(
        "Discount|Less discount|Trade discount|Allowance|Promo allowance|Rebate|Volume discount"
    ),
    nets=words("Net|Net amount|Line net|Net of discount"),
    parts=words("incl.|consisting of:|Component|each|includes|Kit part|of which"),
    charges=words(
        "Freight|Shipping & Handling|Fuel Surcharge|Pallet Deposit|Delivery Charge|"
        "Handling Fee|Bottle Deposit|Environmental Fee|Small Order Charge|"
        "Freight Charge|CRV"
    ),
    head_groups=texts(
        quantity="Quantity|Units|Qty|Quantities",
        money="Price|Prices in {currency}|Value|Charges|{currency}|Amounts",
        article="Item|Product|Article|Goods",
    ),
    party_labels=words(
        "Name|Address|Contact|Phone|E-mail|VAT ID|Tax number|Global ID|Number|Reg. No."
    ),
    subtotals=words(
        "Subtotal|Carried forward|Page total|Section total|Brought forward|Total group|Balance "
        "forward|Totals|Sub Total|Page Subtotal|Total c/f|Total b/f|B/F|C/F|Continued on next page|"
        "Group Total|Dept Total|Total this page|Sum|Total Spots|Totals this order"
    ),
    totals=texts(
        sub_total=(
            "Subtotal|Sub Total|Net Total|Total Net|Net Amount|Merchandise Total|Sub-total|Total "
            "before tax|Total Excl. GST|SUBTOTAL|SUB-TOTAL|Goods Total|Taxable Amount|Total (excl. "
            "GST)|Net|Net Sales|Total Goods|Total Charges|Amount Before Tax|Merchandise|Sales "
            "Amount|Net Value|Total Excluding VAT|Sale Amount|Invoice Subtotal|Total Net Amount|"
            "Taxable Value|Item Total|Line Total"
        ),
        total_discount=(
            "Discount|Less Discount|Agency Commission|Allowance|Trade Discount|Discounts|Total "
            "Discount|DISCOUNT|Settlement Discount|Less: Discount|Promotions|Rebate|Agency Comm.|"
            "Less Agency Commission|Savings|Volume Discount|Disc."
        ),
        shipping_charge=(
            "Shipping|Freight|Shipping & Handling|Delivery|S&H|Carriage|SHIPPING|FREIGHT|Freight "
            "Charges|Shipping/Handling|Delivery Charge|Postage & Packing|P&P|Freight & Handling|"
            "Fuel Surcharge|Carriage & Packing|Shipping Cost|Delivery Fee|Freight Amount|Handling|"
            "Transport"
        ),
        total_tax=(
            "Tax|Sales Tax|VAT|GST|Total Tax|Total VAT|Total GST|TAX|Sales Tax Total|V.A.T.|VAT "
            "Amount|GST Amount|IGST|Tax Amount|Tax Total|SST|Service Tax 6%|HST|TOTAL TAX|State "
            "Tax|VAT Total|GST Payable|Total GST/HST|Output Tax"
        ),
        invoice_total=(
            "Total|TOTAL|Invoice Total|Grand Total|Total Amount|Total Due|Order Total|Total incl. "
            "VAT|Net Amount Due|Total Invoice|INVOICE TOTAL|GRAND TOTAL|Total Invoice Amount|"
            "Invoice Amount|Total (incl. GST)|Total Incl. VAT|Total Payable|TOTAL DUE|Pay This "
            "Amount|Total inc VAT|Gross Total|Net Invoice Total|TOTAL AMOUNT DUE|Total USD|TOTAL "
            "(USD)|Total Sales (Inclusive of GST)|Total (RM)|Nett Total|Order Amount|Total Order|"
            "Total Charges Due|Total Amount Payable|Document Total|Total Cost|Sum Total"
        ),
        amount_due=(
            "Amount Due|Balance Due|Please Pay|AMOUNT DUE|Balance|BALANCE DUE|Net Due|Amount "
            "Payable|Outstanding Balance|Amount Outstanding|Please Pay This Amount|Pay Amount|"
            "Balance to Pay|Net Payable|Due Now|Balance Owing|Current Amount Due"
        ),
    ),
    paid=words(
        "Paid|Deposit|Prepaid|Payments|Amount Paid|PAID|Payment Received|Less Payments|Deposit "
        "Received|Advance|Payments/Credits|Less Deposit|Amount Tendered|Retainer|Advance Paid"
    ),
    terms=words(
        "Payment is due within 30 days of the invoice date.|Goods sold are not returnable.|Please "
        "quote the invoice number with your payment.|Late payments are charged 1.5 % per month.|"
        "All prices in the currency stated above.|Thank you for your business!|Title passes to the "
        "buyer on full payment.|Claims must be made within 7 days of delivery.|This station does "
        "not discriminate in advertising contracts.|Times are approximate within 15 minutes.|"
        "Subject to our standard conditions of sale.|Questions? Call our billing department.|Net "
        "30 days.|2% 10 Net 30|E. & O. E.|Interest at 18% p.a. will be charged on overdue bills.|"
        "Goods once sold will not be taken back.|Subject to Mumbai jurisdiction.|This is a "
        "computer generated invoice and does not require a signature.|All cheques should be "
        "crossed and made payable to the company.|Received the above goods in good order and "
        "condition.|Please remit to the address above.|No returns without prior authorization.|A "
        "restocking fee of 15% applies to all returns.|Shortages must be reported within 48 hours.|"
        "The agency agrees to pay the station within 30 days.|We declare that this invoice shows "
        "the actual price of the goods described.|Goods remain our property until paid for in "
        "full.|VAT is charged at the standard rate.|A service charge of 1.5% per month will be "
        "added to past due accounts.|Make all checks payable to the company named above.|For "
        "inquiries please call customer service."
    ),
    notes=words(
        "Serial No. {}|Lot {}|Period: {}|Country of origin: US|Ref {}|Includes installation|"
        "Tracking {}|Drawing {} rev B|Purchased preemptible rate|Note: {}|Warranty 24 months|Promo "
        "code {}|Batch/Exp: {}|Delivered by truck {}|S/N {}|SN: {}|Lot No.: {}|Exp. Date: {}|"
        "HSN/SAC {}|Your ref. {}|Cust PN: {}|PO Line {}|Delivery {}|Net weight {}|MFG Part {}|UPC "
        "{}|Makegood for {}|Discontinued item|Taxable|Deposit {}|Was {}|Substitution for {}|Job {}"
    ),
    joints=words("{} at {} each|for|Our services:|We charge as agreed:"),
    nouns=texts(
        goods=(
            "Hex Bolt|Wire Rope Clip|Ball Valve|Copy Paper A4|LED Panel|Shelf Bracket|Nitrile "
            "Gloves|Drill Bit Set|Cable Tie|Paint Roller|Pallet Wrap|Air Filter|Bearing|Brake Pad|"
            "Toner Cartridge|Office Chair|T-Shirt|Cotton Towel|Water Bottle|Plastic Bag|Storage "
            "Box|Batteries AA|Power Supply|Hose Clamp|Wood Screw|Steel Sheet|Packing Tape|Safety "
            "Helmet|USB Cable|Garden Hose|Door Hinge|Candle|Picture Frame|Phone Case|Bath Mat|Hand "
            "Soap|Motor Oil|Coat Hanger|Spanner|Fire Extinguisher|Stretch Film|Hydraulic Hose|"
            "Circuit Breaker|Conduit Elbow|PVC Pipe|Extension Cord|Hand Truck|Floor Mat|Paper "
            "Towels|Disinfectant Wipes|Trash Liner|Label Roll|Lock Washer|Gasket|V-Belt|Fuse|"
            "Solder Wire|Sanding Disc|Shop Rag|Ink Cartridge"
        ),
        food=(
            "Fried Rice|Iced Tea|Chicken Wings|Coffee Beans|Mineral Water|Orange Juice|Cheddar|"
            "Olive Oil|Whole Milk|Chocolate Bar|Tomato Sauce|Tuna Chunks|Greek Yoghurt|Butter "
            "Croissant|Nasi Lemak|Noodle Soup|Green Apples|Frozen Peas|Burger Bun|Soya Drink|Egg "
            "Tray|Pork Ribs|Caesar Salad|Basmati Rice|Lager Beer|Pudding|Ground Beef|Romaine "
            "Hearts|Roti Canai|Teh Tarik|Sourdough Loaf|Heavy Cream|Bacon Slices|Salmon Fillet|"
            "Ketchup|Sugar Packets"
        ),
        services=(
            "Consulting Services|Site Inspection|Labor|Installation|Maintenance Agreement|Training "
            "Session|Translation|Graphic Design|Delivery Service|Cleaning Service|Legal Review|"
            "Project Management|Repair Work|Travel Expenses|Security Guard|Equipment Rental|"
            "Freight Handling|Photography|Snow Removal|Pest Control|Landscaping|HVAC Service|Court "
            "Reporting|Catering|Bookkeeping|Towing|Printing and Mailing|Equipment Calibration"
        ),
        software=(
            "Cloud Hosting|User License|Support Plan|Data Storage|Domain Renewal|API Calls|Backup "
            "Service|Email Accounts|Subscription Pro|Virtual Server|SSL Certificate|Bandwidth|"
            "Annual Maintenance|Seat License|Platform Fee|Managed Service|Premium Support|"
            "Onboarding Fee"
        ),
        property=(
            "Monthly Rent|Insurance Premium|Service Charge|Electricity|Parking Space|Property Tax|"
            "Water Supply|Liability Cover|Waste Collection|Heating Costs|Common Area Maintenance|"
            "Storage Unit|Base Rent|Water and Sewer|Gas Supply|Late Fee"
        ),
    ),
    units=words(
        "EA|PCS|pcs|Each|BOX|CS|CTN|KG|lb|M|ft|PK|DZ|UN|PR|RL|bag|pc|Nos|NOS|Set|SET|Doz|GAL|OZ|SF|"
        "LF|YD|TON|M2|PAIR|UNIT|Bundle|Pkt|TIN|BTL|PAA|C|pkg"
    ),
    time_units=words(
        "hrs|HR|Hours|h|day|days|mo|month|LS|lot|users|Hrs|hr.|wk|weeks|nights|yr|Month(s)|EA|"
        "visit|trip|kWh|job|session"
    ),
    legal=words("Inc.|LLC|Ltd|Ltd.|Corp.|Co.|& Sons|Group|SDN BHD|Pty Ltd|Supply Co|LP|"),
    trades=words(
        "Supply|Hardware|Trading|Foods|Media|Electric|Packaging|Broadcasting|Logistics|Systems|"
        "Tools|Television|Partners|Industries|Farms|Books"
    ),
    streets=words(
        "Main Street|Oak Ave|Industrial Pkwy|2nd St|Harbor Road|Market St|Jalan Permas|Commerce "
        "Blvd|Station Road|Lincoln Dr|W Ontario St"
    ),
    towns=words(
        "Springfield, IL|Dayton, OH|Austin TX|Fresno, CA|Leeds|Bristol|Kuala Lumpur|Atlanta, GA|"
        "Salem, OR|Bangor, ME|Perth WA|Toronto ON"
    ),
    departments=words(
        "Accounts Payable|Attn: Billing|Suite 200|PO Box 402|Dept. 7|Attn: Purchasing|Unit 4B|2nd "
        "Floor|Receiving Dock 3"
    ),
    street_form="{house} {street}",
    town_form="{town} {code}",
    postcodes=words("#####|#####|#####|#####-####|@@# #@@"),
    phones=words(
        "(###) ###-####|###-###-####|+1 ### ### ####|1-800-###-####|0#### ######|+91 ##### #####|"
        "0#-#### ####"
    ),
    tax_ids=words("##-#######|##-#######|GB#########|##@@@@@####@#@#|############"),
    tax_rates=words("0|5|6|6.25|7.5|8.25|9|18|20"),
    currencies=words(
        "USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|USD|"
        "USD|USD|USD|USD|USD|USD|USD|USD|GBP|GBP|GBP|GBP|GBP|EUR|EUR|EUR|CAD|CAD|AUD|AUD|INR|INR|"
        "INR|INR|MYR|MYR|MYR|SGD|SGD|NZD|ZAR|JPY|KWD|AED|PHP|HKD"
    ),
    number_forms=words("1,234.56|1,234.56|1,234.56|1,234.56|1234.56"),
    sign_sides=words("before"),
    dates=words(
        "%m/%d/%Y|%m/%d/%Y|%m/%d/%y|%m/%d/%y|%d/%m/%Y|%d/%m/%Y|%d/%m/%y|%b %d, %Y|%B %-d, %Y|"
        "%d-%b-%Y|%d-%b-%y|%d-%^b-%y|%d %B %Y|%-d %b %Y|%d %b %y|%Y-%m-%d|%Y%m%d|%-m/%-d/%Y|"
        "%-m/%-d/%y|%d.%m.%Y|%Y/%m/%d|%m-%d-%Y|%d-%m-%Y|%b-%d-%Y|%^b %d %Y"
    ),
    months=words(
        "January|February|March|April|May|June|July|August|September|October|November|December"
    ),
    short_months=words("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"),
)
