"""Portuguese wording of documents from Portugal and Brazil."""

from data.synthesis.languages.language import Language, texts, words

PORTUGUESE = Language(
    code="pt",
    share=1.3,
    titles=texts(
        invoice=(
            "Fatura|FATURA|Factura|Fatura-recibo|NOTA FISCAL|Nota Fiscal|Fatura comercial|FATURA "
            "PROFORMA"
        ),
        credit_memo="Nota de crédito|NOTA DE CRÉDITO|Nota de devolução",
        purchase_order=(
            "Encomenda|Nota de encomenda|NOTA DE ENCOMENDA|PEDIDO DE COMPRA|Pedido de compra|Ordem "
            "de compra"
        ),
        packing_slip="Lista de embalagem|LISTA DE EMBALAGEM|Romaneio",
        delivery_note="Guia de remessa|GUIA DE REMESSA|Guia de transporte|Nota de entrega",
        bill_of_lading="Conhecimento de embarque|Conhecimento de transporte|CARTA DE PORTE",
        proof_of_delivery="Comprovativo de entrega|Comprovante de entrega|Canhoto de entrega",
        receipt="Recibo|Talão|CUPOM FISCAL|Fatura simplificada|FATURA SIMPLIFICADA|",
        other="Orçamento|ORÇAMENTO|Extrato de conta|Lista de preços|Aviso de cobrança",
    ),
    numbers=texts(
        invoice=(
            "Fatura n.º|N.º fatura|Nº da fatura|Número da fatura|Fatura Nº|Nº da nota|NF nº|Fatura"
        ),
        credit_memo="Nota de crédito n.º|N.º nota de crédito|NC n.º|Nº do documento",
        purchase_order=(
            "Encomenda n.º|N.º encomenda|Pedido nº|Nº do pedido|Número do pedido|Ordem de compra nº"
        ),
        delivery_note="Guia n.º|Guia de remessa n.º|N.º guia|Nº da guia",
    ),
    days=texts(
        invoice="Data da fatura|Data|Data de emissão|Emissão|Data fatura|Data emissão",
        credit_memo="Data|Data de emissão|Data da nota",
        purchase_order="Data da encomenda|Data do pedido|Data|Data de emissão",
        delivery_note="Data da guia|Data|Data de carga",
    ),
    fields=texts(
        document_id="{} n.º|{} nº|Número|N.º|Nº documento|Documento|Referência|Nº",
        document_date="Data|Data de emissão|Emissão|Data do documento|Emitido em",
        due_date=(
            "Vencimento|Data de vencimento|Data vencimento|Pagar até|Data limite de pagamento"
        ),
        delivery_date="Data de entrega|Data entrega|Entregue em|Data de envio|Data de saída",
        purchase_order=(
            "V/ Encomenda|Sua encomenda|Pedido do cliente|V/ Ref.|Nº encomenda|Ordem de compra|"
            "Requisição"
        ),
        original_invoice_id="Fatura de origem|Ref. fatura|Documento de origem|Fatura original",
        currency="Moeda|Divisa",
    ),
    headings=words("{title} n.º {number} de {day}|{title} nº {number} de {day}"),
    other_fields=words(
        "N.º cliente|Cód. cliente|Cliente nº|NIF|Contribuinte|V/ N.º Contrib.|CNPJ|CPF|Inscrição "
        "Estadual|Condições de pagamento|Cond. pagamento|Forma de pagamento|Vendedor|"
        "Transportadora|Volumes|Peso bruto|Peso líquido|Telefone|Tel.|Fax|E-mail|IBAN|Obra|Armazém|"
        "Página|Pág.|Local de carga|Local de descarga|Matrícula|Natureza da operação|Chave de "
        "acesso|Contrato|Período de faturação|Caixa|Mesa|Operador|ATCUD|Desconto global"
    ),
    seller_labels=words("Fornecedor|Vendedor|Emitente"),
    buyer_labels=words("Cliente|Exmo.(s) Sr.(s)|Faturar a|Destinatário|Endereço de cobrança"),
    place_labels=words("Morada de entrega|Local de entrega|Entregar em|Endereço de entrega"),
    heads=texts(
        line_number="N.º|Item|Linha|Pos.|#|Nº",
        product_code=(
            "Código|Cód.|Referência|Ref.|Artigo|Cód. produto|Cód. artigo|Código do produto|Ref.ª"
        ),
        buyer_item_id="Código cliente|Sua ref.|Ref. cliente|V/ Ref.",
        gtin="EAN|Código de barras|GTIN|Cód. EAN",
        description=(
            "Descrição|Designação|Artigo|Produto|Descrição do produto|Descrição dos produtos / "
            "serviços|DESCRIÇÃO|Descrição do artigo|Serviço"
        ),
        quantity="Quantidade|Qtd.|Qtd|Quant.|Qtde.|QTD|Horas|Qt.|Consumo",
        unit="Unidade|Un.|Unid.|UN|U.M.|Und.",
        unit_price=(
            "Preço|Preço unitário|P. Unit.|Preço unit.|Pr. Unitário|Valor unitário|Preço líquido|"
            "P.U.|Vl. unitário|Pr. Unit.|Valor unit.|Preço s/ IVA|V. Unit."
        ),
        price_base_quantity="Por|Base de preço|Preço por",
        discount_rate="Desc. %|Desconto %|Desc.|% Desc.|Desc.%|Dsc. %",
        discount_amount="Valor desc.|Desconto|Valor do desconto|Desc. valor",
        amount=(
            "Total|Valor|Total líquido|Montante|Valor total|Total s/ IVA|Preço total|Valor líquido|"
            "Importância|Vl. total|Total €|Total Líq.|Subtotal|V. Total"
        ),
        gross_amount="Total c/ IVA|Valor c/ IVA|Total com IVA|Total ilíquido c/ IVA",
        tax_rate="IVA|IVA %|Taxa IVA|% IVA|Tx. IVA|Taxa|Alíq.",
        tax_amount="Valor IVA|Imposto|IVA €|Valor do IVA",
        date="Data|Data entrega|Data de entrega|Dia",
        po_number="Encomenda|N.º encomenda|Pedido|V/ Encomenda",
        quantity_ordered="Encomendada|Qtd. encomendada|Qtd. pedida|Qtd. enc.|Pedida",
        quantity_shipped="Entregue|Qtd. entregue|Enviado|Fornecida|Qtd. enviada|Expedida",
        quantity_backordered="Pendente|Em falta|Por entregar|Qtd. pendente",
        quantity_received="Recebida|Qtd. recebida|Recebido",
        quantity_rejected="Rejeitada|Devolvida|Danificada|Recusado",
        list_price="Preço tabela|PVP|Preço de tabela|P.V.P.",
        quantity_unit="Quantidade|Qtd./Un.|Qtd. Un.|Quant./Unid.",
    ),
    detail_heads=words("De|Até|Dias|Número|Preço|Taxa"),
    sections=words(
        "Guia de remessa {} de {day}|Encomenda {}|Pedido {} de {day}|Capítulo {n}|"
        "{n}. {noun}|{noun}|Obra {}"
    ),
    discounts=words("Desconto|Desconto comercial"),
    nets=words("Líquido|Valor líquido"),
    parts=words("incl.|composto por:|inclui"),
    charges=words("Portes|Frete|Embalagem|Transporte"),
    head_groups=texts(
        quantity="Quantidade|Quantidades",
        money="Preço|Valores em {currency}|{currency}",
        article="Artigo|Produto",
    ),
    party_labels=words("Nome|Morada|Contacto|Telefone|E-mail|NIF|Registo|Código|Número|NIPC"),
    subtotals=words("Subtotal|A transportar|Transporte|Total da página|Total parcial|Soma"),
    totals=texts(
        sub_total=(
            "Subtotal|Total ilíquido|Base tributável|Valor dos produtos|Total líquido|Incidência|"
            "Total s/ IVA|Mercadoria|Total dos produtos|Soma"
        ),
        total_discount=(
            "Desconto|Descontos|Desconto comercial|Desconto financeiro|Total descontos"
        ),
        shipping_charge="Portes|Transporte|Frete|Valor do frete|Portes de envio|Custos de envio",
        total_tax=(
            "IVA|Total IVA|Imposto|Valor do IVA|IVA 23%|Total imposto|Impostos|Valor do ICMS"
        ),
        invoice_total=(
            "Total|TOTAL|Total da fatura|Valor total|Total a pagar|Total geral|Total documento|"
            "Valor total da nota|Total EUR|TOTAL R$|Total c/ IVA"
        ),
        amount_due="Valor a pagar|A pagar|Saldo devedor|Valor em dívida|Montante a pagar|Saldo",
    ),
    paid=words("Pago|Adiantamento|Sinal|Valor pago|Já pago|Dinheiro|Multibanco|Recebido"),
    terms=words(
        "Pagamento a 30 dias.|Obrigado pela preferência.|Não se aceitam devoluções após 8 dias.|Os "
        "bens foram colocados à disposição do cliente nesta data.|Processado por programa "
        "certificado.|Agradecemos o pagamento por transferência bancária.|Isento de IVA.|IVA - "
        "autoliquidação.|Reclamações no prazo de 5 dias.|Este documento não serve de fatura.|Volte "
        "sempre!"
    ),
    notes=words(
        "N.º de série {}|Lote {}|Ref. {}|Guia n.º {} de 12/03|Validade: {}|Período: {}|Origem: PT|"
        "Garantia 2 anos|V/ Encomenda {}|NCM {}"
    ),
    joints=words("{} a {}|por|Os nossos serviços:|Conforme acordado:"),
    nouns=texts(
        goods=(
            "Parafuso sextavado|Papel A4|Luvas de nitrilo|Capacete de segurança|Fita adesiva|"
            "Filtro de ar|Cabo elétrico|Cadeira de escritório|Garrafa de água|Válvula de esfera|"
            "Caixa de cartão|Toalha de algodão|Lâmpada LED|Berbequim|Tinta branca|Mangueira|Pilhas "
            "AA|Saco de lixo"
        ),
        food=(
            "Azeite virgem extra|Água mineral|Café moído|Queijo da serra|Pão de forma|Sumo de "
            "laranja|Arroz agulha|Leite meio gordo|Bacalhau|Pastel de nata|Vinho tinto|Manteiga|"
            "Frango assado|Prato do dia"
        ),
        services=(
            "Consultoria|Instalação|Manutenção|Formação|Tradução|Limpeza|Transporte|Despesas de "
            "viagem|Mão de obra|Reparação|Assistência técnica"
        ),
        software="Licença|Alojamento web|Assinatura mensal|Armazenamento|Domínio|Suporte técnico",
        property="Renda mensal|Prémio de seguro|Eletricidade|Lugar de garagem|Água|Condomínio",
    ),
    units=words("un|UN|un.|und|kg|KG|m|cx|CX|pç|pct|lt|rolo|par|saco|gr|m2|fardo|emb.|unid."),
    time_units=words("h|hora|horas|dia|dias|mês|meses|noite|km|kWh|serviço|vg"),
    legal=words("Lda.|Lda|S.A.|Unipessoal Lda|& Filhos|Ltda.|Ltda|& Irmão|ME"),
    trades=words(
        "Comércio|Distribuição|Ferragens|Alimentos|Construções|Transportes|Materiais|Indústria|"
        "Serviços|Papelaria|Eletrónica|Embalagens|Bebidas|Equipamentos"
    ),
    streets=words(
        "Rua da Liberdade|Avenida da República|Rua Direita|Rua do Comércio|Travessa do Carmo|Rua "
        "das Flores|Zona Industrial|Rua Augusta|Av. Brasil|Largo da Igreja"
    ),
    towns=words(
        "Lisboa|Porto|Braga|Coimbra|Aveiro|Faro|Setúbal|São Paulo|Rio de Janeiro|Curitiba|Belo "
        "Horizonte|Leiria|Viseu"
    ),
    departments=words(
        "Departamento de Compras|A/C Contabilidade|Apartado 402|Armazém 7|2.º andar|Contas a pagar"
    ),
    street_form="{street}, {house}",
    town_form="{code} {town}",
    postcodes=words("####-###|####-###|#####-###"),
    phones=words("+351 ### ### ###|2## ### ###|(##) ####-####|9## ### ###|+55 ## #####-####"),
    tax_ids=words("PT#########|#########|##.###.###/####-##|PT #########"),
    tax_rates=words("23|23|23|13|6|0|18|12"),
    currencies=words("EUR|EUR|EUR|EUR|BRL|BRL|BRL|USD"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1 234,56|1234,56"),
    sign_sides=words("after|before"),
    dates=words(
        "%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d-%m-%Y|%d-%m-%Y|%Y-%m-%d|%Y/%m/%d|%d/%m/%y|%d.%m.%Y|%-d de "
        "%B de %Y|%d/%b/%Y"
    ),
    months=words(
        "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    ),
    short_months=words("jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez"),
)
