// Texts of the desk in five languages, in the order of LANGUAGES; numbers and days by Intl.

export const LANGUAGES = [["en", "English"], ["de", "Deutsch"], ["fr", "Français"], ["es", "Español"], ["it", "Italiano"]];

export const TEXTS = {
  disputes: ["Disputes", "Streitfälle", "Litiges", "Disputas", "Contestazioni"],
  search: ["Search", "Suchen", "Chercher", "Buscar", "Cerca"],
  status: ["Status", "Stand", "État", "Estado", "Stato"],
  sort: ["Order", "Reihenfolge", "Ordre", "Orden", "Ordine"],
  sort_urgency: ["money and doubt", "Geld und Zweifel", "montant et doute", "dinero y duda", "importo e dubbio"],
  sort_money: ["most money", "meistes Geld", "plus gros montant", "más dinero", "importo maggiore"],
  sort_doubt: ["most doubt", "meiste Zweifel", "plus de doutes", "más dudas", "più dubbi"],
  sort_newest: ["newest", "neueste", "plus récents", "más recientes", "più recenti"],
  sort_oldest: ["oldest", "älteste", "plus anciens", "más antiguos", "più vecchi"],
  mine: ["assigned to me", "mir zugewiesen", "attribués à moi", "asignadas a mí", "assegnate a me"],
  all: ["all", "alle", "tous", "todos", "tutti"],
  countShown: ["{shown} of {all}", "{shown} von {all}", "{shown} sur {all}", "{shown} de {all}", "{shown} di {all}"],
  moreThan: ["The newest {count} are shown.", "Die neuesten {count} sind zu sehen.", "Les {count} plus récents sont affichés.", "Se muestran los {count} más recientes.", "Sono mostrate le {count} più recenti."],
  reference: ["Reference", "Zeichen", "Référence", "Referencia", "Riferimento"],
  vendor: ["Vendor", "Lieferant", "Fournisseur", "Proveedor", "Fornitore"],
  order: ["Purchase order", "Bestellung", "Commande", "Pedido", "Ordine d’acquisto"],
  atStake: ["At stake", "Strittig", "En jeu", "En juego", "In gioco"],
  unsure: ["To check", "Zu prüfen", "À vérifier", "Por revisar", "Da verificare"],
  assignee: ["Assigned to", "Zuständig", "Attribué à", "Asignado a", "Assegnato a"],
  posted: ["Posted", "Eingang", "Reçu", "Recibido", "Ricevuto"],
  language: ["Language", "Sprache", "Langue", "Idioma", "Lingua"],
  signIn: ["Sign in", "Anmelden", "Se connecter", "Entrar", "Accedi"],
  signOut: ["Sign out", "Abmelden", "Se déconnecter", "Salir", "Esci"],
  signedOut: ["You are signed out.", "Sie sind abgemeldet.", "Vous êtes déconnecté.", "Ha salido.", "Sei uscito."],
  reviewer: ["Reviewer", "Prüfer", "Contrôleur", "Revisor", "Revisore"],
  yourName: ["Your name", "Ihr Name", "Votre nom", "Su nombre", "Il tuo nome"],
  apiKey: ["API key", "API-Schlüssel", "Clé d’API", "Clave de API", "Chiave API"],
  keyRefused: ["This key is unknown, expired or revoked.", "Dieser Schlüssel ist unbekannt, abgelaufen oder gesperrt.", "Cette clé est inconnue, expirée ou révoquée.", "Esta clave es desconocida, ha caducado o fue revocada.", "Questa chiave è sconosciuta, scaduta o revocata."],
  back: ["Back to the list", "Zurück zur Liste", "Retour à la liste", "Volver a la lista", "Torna all’elenco"],
  paper: ["Paper", "Papier", "Document", "Documento", "Documento"],
  page: ["page", "Seite", "page", "página", "pagina"],
  pageBefore: ["Page before", "Seite zurück", "Page précédente", "Página anterior", "Pagina precedente"],
  pageAfter: ["Next page", "Seite vor", "Page suivante", "Página siguiente", "Pagina successiva"],
  zoomIn: ["Larger", "Größer", "Agrandir", "Ampliar", "Ingrandisci"],
  zoomOut: ["Smaller", "Kleiner", "Réduire", "Reducir", "Riduci"],
  rotate: ["Turn", "Drehen", "Pivoter", "Girar", "Ruota"],
  fit: ["Fit", "Einpassen", "Ajuster", "Ajustar", "Adatta"],
  original: ["Original file", "Originaldatei", "Fichier d’origine", "Archivo original", "File originale"],
  askedTitle: ["To decide", "Zu entscheiden", "À décider", "Por decidir", "Da decidere"],
  nothingAsked: ["Nothing is left to decide.", "Nichts mehr zu entscheiden.", "Plus rien à décider.", "No queda nada por decidir.", "Non resta nulla da decidere."],
  readAs: ["read as", "gelesen als", "lu comme", "leído como", "letto come"],
  accept: ["Right", "Stimmt", "Exact", "Correcto", "Giusto"],
  findings: ["Findings", "Feststellungen", "Constats", "Hallazgos", "Rilievi"],
  noFindings: ["No findings.", "Keine Feststellungen.", "Aucun constat.", "Sin hallazgos.", "Nessun rilievo."],
  triedExplanations: ["Explanation tried", "Geprüfte Erklärung", "Explication essayée", "Explicación probada", "Spiegazione provata"],
  otherReadings: ["Other readings", "Andere Lesarten", "Autres lectures", "Otras lecturas", "Altre letture"],
  fromOrder: ["from order or receipts", "aus Bestellung oder Wareneingang", "de la commande ou des réceptions", "del pedido o de las recepciones", "dall’ordine o dai ricevimenti"],
  documents: ["Documents", "Dokumente", "Documents", "Documentos", "Documenti"],
  line: ["Line", "Zeile", "Ligne", "Línea", "Riga"],
  addRow: ["Add a row", "Zeile hinzufügen", "Ajouter une ligne", "Añadir una línea", "Aggiungi una riga"],
  offBill: ["Not billed", "Nicht berechnet", "Non facturée", "No facturada", "Non fatturata"],
  onBill: ["Billed", "Berechnet", "Facturée", "Facturada", "Fatturata"],
  undo: ["Undo", "Rückgängig", "Annuler", "Deshacer", "Annulla"],
  undone: ["Taken back.", "Zurückgenommen.", "Annulé.", "Deshecho.", "Annullato."],
  saved: ["Saved.", "Gespeichert.", "Enregistré.", "Guardado.", "Salvato."],
  working: ["Computing …", "Wird berechnet …", "Calcul …", "Calculando …", "Calcolo …"],
  change: ["Change", "Änderung", "Changement", "Cambio", "Variazione"],
  noChange: ["no change in money", "keine Änderung am Betrag", "aucun changement de montant", "sin cambio de importe", "nessuna variazione d’importo"],
  certain: ["certain", "sicher", "certain", "seguro", "certo"],
  likely: ["likely", "wahrscheinlich", "probable", "probable", "probabile"],
  open: ["open", "offen", "ouvert", "abierto", "aperto"],
  conflict: ["Someone else changed this dispute meanwhile. Nothing is lost: your entry “{value}” is in its cell again; press Enter to send it.", "Jemand anders hat den Fall inzwischen geändert. Nichts ist verloren: Ihre Eingabe „{value}“ steht wieder in ihrer Zelle; Enter sendet sie.", "Quelqu’un d’autre a modifié ce litige entre-temps. Rien n’est perdu : votre saisie « {value} » est de nouveau dans sa cellule ; Entrée l’envoie.", "Otra persona ha cambiado esta disputa. No se pierde nada: su entrada «{value}» está de nuevo en su celda; Intro la envía.", "Un’altra persona ha modificato la contestazione. Nulla è perso: il valore «{value}» è di nuovo nella sua cella; Invio lo manda."],
  assignMe: ["Assign to me", "Mir zuweisen", "M’attribuer", "Asignarme", "Assegna a me"],
  keysTitle: ["Keys", "Tasten", "Touches", "Teclas", "Tasti"],
  keysTab: ["next or previous cell to decide", "nächste oder vorige Zelle", "cellule suivante ou précédente", "celda siguiente o anterior", "cella successiva o precedente"],
  keysEnter: ["right as read; or send what was typed", "stimmt wie gelesen; oder Eingabe senden", "exact tel que lu ; ou envoyer la saisie", "correcto como leído; o enviar lo escrito", "giusto come letto; o invia il testo"],
  keysType: ["type another value", "anderen Wert eingeben", "saisir une autre valeur", "escribir otro valor", "scrivi un altro valore"],
  keysEsc: ["leave the value as it was", "Wert lassen, wie er war", "laisser la valeur", "dejar el valor como estaba", "lascia il valore com’era"],
  keysArrows: ["move in the table", "in der Tabelle bewegen", "se déplacer dans le tableau", "moverse en la tabla", "spostarsi nella tabella"],
  keysLine: ["the whole line is right", "die ganze Zeile stimmt", "toute la ligne est exacte", "toda la línea es correcta", "tutta la riga è giusta"],
  keysDocument: ["the whole document is right", "das ganze Dokument stimmt", "tout le document est exact", "todo el documento es correcto", "tutto il documento è giusto"],
  keysUndo: ["take the last correction back", "letzte Korrektur zurücknehmen", "annuler la dernière correction", "deshacer la última corrección", "annulla l’ultima correzione"],
  keysZoom: ["zoom, turn, page", "Größe, Drehen, Blättern", "zoom, rotation, page", "zoom, giro, página", "zoom, rotazione, pagina"],
  keysList: ["back to the list", "zurück zur Liste", "retour à la liste", "volver a la lista", "torna all’elenco"],
  keysHelp: ["show these keys", "diese Tasten zeigen", "montrer ces touches", "mostrar estas teclas", "mostra questi tasti"],
  close: ["Close", "Schließen", "Fermer", "Cerrar", "Chiudi"],
  notDone: ["The verdict is not there yet.", "Das Ergebnis liegt noch nicht vor.", "Le verdict n’est pas encore là.", "El veredicto aún no está.", "Il verdetto non c’è ancora."],
  message: ["Message to the vendor", "Nachricht an den Lieferanten", "Message au fournisseur", "Mensaje al proveedor", "Messaggio al fornitore"],
  history: ["History", "Verlauf", "Historique", "Historial", "Cronologia"],
  queued: ["waiting", "wartet", "en attente", "en espera", "in attesa"],
  running: ["being read", "wird gelesen", "en lecture", "leyendo", "in lettura"],
  failed: ["failed", "fehlgeschlagen", "échoué", "fallido", "fallita"],
  cancelled: ["cancelled", "abgebrochen", "annulé", "cancelado", "annullata"],
  done: ["done", "fertig", "terminé", "terminado", "completata"],
  matched: ["matched", "stimmt überein", "concordant", "conforme", "conforme"],
  discrepancy: ["discrepancy", "Abweichung", "écart", "discrepancia", "discrepanza"],
  needs_review: ["needs review", "zu prüfen", "à vérifier", "por revisar", "da verificare"],
  pending: ["pending", "wartet auf Beleg", "en suspens", "pendiente", "in sospeso"],
};

const CODES = LANGUAGES.map(([code]) => code);

export function language() {
  const wish = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return CODES.includes(wish) ? wish : "en";
}

export const setLanguage = (code) => localStorage.setItem("language", code);

export function t(key, values = {}) {
  const text = TEXTS[key]?.[CODES.indexOf(language())] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const tStatus = (status) => (status in TEXTS ? t(status) : status.replaceAll("_", " "));

// Decimal texts keep every digit they have.
export function money(amount, currency) {
  try {
    return new Intl.NumberFormat(language(), { style: "currency", currency, currencyDisplay: "code" }).format(amount);
  } catch {
    return `${amount} ${currency ?? ""}`.trim();
  }
}

export const moment = (time) => new Intl.DateTimeFormat(language(), { dateStyle: "short", timeStyle: "short" }).format(new Date(time));
