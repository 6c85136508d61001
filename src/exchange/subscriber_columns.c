// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_columns.h. Words are compared without case, marks, blanks and punctuation:
// "E-Mail-Adresse", "e_mail adresse" and "EMailAdresse" are one.
#include "exchange/subscriber_columns.h"

#include <string.h>

#define WORD_LONGEST 100

// Letters and digits, without marks and case. Caller frees.
static char *fold(Slice text) {
  g_autofree char *valid = g_utf8_make_valid(text.data != NULL ? text.data : "",
                                             (gssize)MIN(text.length, (gsize)WORD_LONGEST));
  g_autofree char *folded = g_utf8_casefold(valid, -1);
  g_autofree char *split = g_utf8_normalize(folded, -1, G_NORMALIZE_ALL);
  GString *word = g_string_new(NULL);
  for (const char *at = split; at != NULL && *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (g_unichar_isalnum(letter)) {
      g_string_append_unichar(word, letter);
    }
  }
  return g_string_free(word, FALSE);
}

typedef struct ColumnWords {
  SubscriberColumn column;
  const char *words; // parted by blanks
} ColumnWords;

static const ColumnWords COLUMNS[] = {
    {COLUMN_ADDRESS,
     "email emailaddress mail mailaddress emailaddr emailid email1 emailhome primaryemail "
     "contactemail useremail subscriberemail memberemail emailadresse mailadresse emailadressen "
     "courriel adressemail adresseemail adressecourriel adresseelectronique adressedecourriel "
     "correo correoelectronico direcciondecorreo direcciondecorreoelectronico "
     "direccioncorreoelectronico emaildireccion indirizzoemail indirizzomail postaelettronica "
     "indirizzodipostaelettronica enderecodeemail enderecodecorreioeletronico correioeletronico "
     "emailadres mailadres epost epostadress epostadresse epostaddress sahkoposti "
     "sahkopostiosoite eposta epostaadresi adresemail adresemailowy poczta emailcim "
     "почта электроннаяпочта адресэлектроннойпочты имеил البريدالالكتروني メールアドレス メール "
     "邮箱 电子邮件 電子郵件 이메일 이메일주소"},
    {COLUMN_MAYBE_ADDRESS, "address adresse subscriber abonnent abonne contact kontakt user "
                           "username recipient empfanger direccion indirizzo"},
    {COLUMN_NAME, "name fullname displayname subscribername membername contactname realname "
                  "yourname vollername ganzername nomcomplet nometprenom prenometnom "
                  "nombrecompleto nombreyapellidos nomecompleto volledigenaam naam navn namn nimi "
                  "имя 名前 氏名 姓名 이름 الاسم"},
    {COLUMN_FIRST_NAME, "firstname fname givenname forename vorname prenom nombre nome primonome "
                        "voornaam fornavn fornamn etunimi imie firstname1"},
    {COLUMN_LAST_NAME, "lastname lname surname familyname nachname familienname nom nomdefamille "
                       "apellido apellidos cognome sobrenome achternaam etternavn efternavn "
                       "efternamn sukunimi nazwisko"},
    {COLUMN_STATUS, "status subscriptionstatus subscriberstatus memberstatus emailstatus "
                    "emailpermissionstatus contactstatus globalstatus liststatus optinstatus "
                    "consentstatus mailstatus anmeldestatus abostatus statut statutemail"},
    {COLUMN_MAYBE_STATUS, "state type subscribertype subscriptiontype zustand etat estado stato "
                          "situacao"},
    {COLUMN_NEWSLETTERS, "newsletter newsletters list lists listname listnames mailinglist "
                         "mailinglists subscribedlists subscriptions audience audiences group "
                         "groups segmentlists liste listen abonnements abonnement boletin "
                         "boletines listas lista elenco elenchi lijst lijsten"},
    {COLUMN_LEFT, "left leftnewsletters unsubscribedlists unsubscribednewsletters"},
    {COLUMN_SECTIONS, "sections interests topics interessen themen ressorts rubriques interets "
                      "secciones intereses sezioni interessi"},
    {COLUMN_LANGUAGE, "language lang locale preferredlanguage sprache langue idioma lingua taal"},
    {COLUMN_ZONE, "timezone timezonename zone tz zeitzone fuseauhoraire zonahoraria fusoorario "
                  "tijdzone"},
    {COLUMN_SIGNED_UP,
     "signedup signedupat signupdate signuptime signup createdat created createddate creationdate "
     "datecreated dateadded addedat added subscribedat subscribeddate subscriptiondate startdate "
     "datejoined joinedat joined optintime optindate optinat entered registered registeredat "
     "registrationdate sourcedate angemeldetam anmeldedatum anmeldung datedinscription inscritle "
     "fechadealta fechaalta fechadesuscripcion fecharegistro datadiiscrizione inschrijfdatum"},
    {COLUMN_CONFIRMED, "confirmed confirmedat confirmationtime confirmtime confirmdate "
                       "confirmationdate verifiedat doubleoptintime doubleoptindate doioptin "
                       "activated activatedat bestatigtam confirmele"},
    {COLUMN_LEFT_AT, "unsubtime unsubdate unsubscribedat unsubscribeddate unsubscribetime "
                     "unsubscribedate unsubscribed dateunsubscribed optouttime optoutdate "
                     "optedoutat deactivated deactivatedat deletedat removedat abgemeldetam "
                     "abmeldedatum desabonnele fechadebaja cancelledat"},
    {COLUMN_BOUNCED_AT, "cleantime cleandate bouncedat bouncetime bouncedate"},
    {COLUMN_PAUSED_UNTIL, "pauseduntil pauseuntil pausedtill"},
    {COLUMN_IF_ON, "subscribedtoemails subscribed active isactive enabled emailenabled "
                   "receiveemails wantsemail activesubscriber optin optedin"},
    {COLUMN_IF_OFF, "emaildisabled disabled isunsubscribed hasunsubscribed optout optedout "
                    "hasoptedoutofemail blacklisted emailblacklisted blocklisted isblacklisted "
                    "donotemail donotcontact suppressed globallyunsubscribed"},
    {COLUMN_IF_PROVED, "isconfirmed emailconfirmed emailverified verified isverified"},
    {COLUMN_IF_BOUNCED, "bounced isbounced hardbounced hardbounce hardbounces bounces bouncecount"},
};

static gboolean has_word(const char *words, const char *word) {
  gsize length = strlen(word);
  for (const char *at = words; length > 0 && (at = strstr(at, word)) != NULL; at += length) {
    if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
      return TRUE;
    }
  }
  return FALSE;
}

SubscriberColumn subscriber_column_of(Slice heading) {
  g_autofree char *word = fold(heading);
  for (gsize i = 0; i < G_N_ELEMENTS(COLUMNS); i++) {
    if (has_word(COLUMNS[i].words, word)) {
      return COLUMNS[i].column;
    }
  }
  return COLUMN_UNKNOWN;
}

typedef struct StateWords {
  SubscriberState state;
  const char *words;
} StateWords;

static const StateWords STATES[] = {
    {STATE_WANTED,
     "active subscribed enabled confirmed verified regular premium gifted paid free comp optin "
     "optedin implicit explicit yes true on 1 subscriber current valid sent aktiv angemeldet "
     "abonniert bestatigt ja actif active abonne inscrit confirme oui activo activa suscrito "
     "suscrita confirmado si attivo iscritto confermato ativo inscrito confirmado sim actief "
     "ingeschreven bevestigd aktywny"},
    {STATE_PENDING, "pending unconfirmed unactivated unverified notconfirmed validating waiting "
                    "awaiting nonsubscribed notsubscribed transactional invited never "
                    "confirmationpending ausstehend unbestatigt nichtbestatigt warten enattente "
                    "nonconfirme pendiente noconfirmado sinconfirmar inattesa nonconfermato "
                    "pendente inafwachting nietbevestigd"},
    {STATE_LEFT,
     "unsubscribed disabled inactive optout optedout removed archived deleted cancelled "
     "canceled blocklisted blacklisted blocked expired churned off no false "
     "0 left abgemeldet inaktiv ausgetragen gesperrt geloscht gekundigt nein "
     "desabonne desinscrit inactif non supprime bloque baja cancelado cancelada "
     "inactivo bloqueado desuscrito disiscritto cancellato inattivo bloccato "
     "inativo removido uitgeschreven afgemeld inactief nee"},
    {STATE_BOUNCED,
     "bounced bounce hardbounce hardbounced suppressed cleaned undeliverable undelivered "
     "invalid invalidemail rejected failed nonexistent unzustellbar ungultig "
     "nondelivrable invalide rebotado rebote invalido noentregable respinto "
     "nonvalido ongeldig"},
    {STATE_COMPLAINED, "complained complaint complaints spam spamcomplaint spamreport "
                       "markedasspam reportedspam abuse abusecomplaint junk beschwerde "
                       "spambeschwerde plainte quejo queja denuncia reclamo segnalato klacht"},
};

static SubscriberState state_word(Slice value) {
  g_autofree char *word = fold(value);
  for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++) {
    if (has_word(STATES[i].words, word)) {
      return STATES[i].state;
    }
  }
  return STATE_UNKNOWN;
}

// What programs write where nothing is said.
static gboolean is_nothing(Slice value) {
  static const char *const NOTHING[] = {"null", "\\N", "-", "n/a", "none", "undefined", "nan"};
  for (gsize i = 0; i < G_N_ELEMENTS(NOTHING); i++) {
    if (slice_equal_text_nocase(value, NOTHING[i])) {
      return TRUE;
    }
  }
  return value.length == 0;
}

// "0", "0000-00-00 00:00:00", "false" stand where a time would if something had happened.
static gboolean is_never(Slice value) {
  gboolean zeros = TRUE;
  for (gsize i = 0; i < value.length && zeros; i++) {
    zeros = strchr("0-: T.Z", value.data[i]) != NULL;
  }
  SubscriberState state = zeros ? STATE_LEFT : state_word(value);
  return state == STATE_LEFT;
}

// "3" of a column of numbers says yes; what is neither yes nor no says nothing.
static SubscriberState yes_or_no(Slice value, SubscriberState yes, SubscriberState no) {
  guint64 number = 0;
  if (slice_parse_uint(value, G_MAXINT64, &number)) {
    return number > 0 ? yes : no;
  }
  SubscriberState word = state_word(value);
  return word == STATE_WANTED ? yes : word == STATE_LEFT ? no : STATE_NONE;
}

SubscriberState subscriber_state_of(SubscriberColumn column, Slice value) {
  value = slice_trim(value);
  if (is_nothing(value)) {
    return STATE_NONE;
  }
  switch (column) {
  case COLUMN_STATUS:
    return state_word(value);
  case COLUMN_MAYBE_STATUS: {
    SubscriberState state = state_word(value);
    return state == STATE_UNKNOWN ? STATE_NONE : state;
  }
  case COLUMN_LEFT_AT:
    return is_never(value) ? STATE_NONE : STATE_LEFT;
  case COLUMN_BOUNCED_AT:
    return is_never(value) ? STATE_NONE : STATE_BOUNCED;
  case COLUMN_IF_ON:
    return yes_or_no(value, STATE_WANTED, STATE_LEFT);
  case COLUMN_IF_OFF:
    return yes_or_no(value, STATE_LEFT, STATE_NONE);
  case COLUMN_IF_BOUNCED:
    return yes_or_no(value, STATE_BOUNCED, STATE_NONE);
  case COLUMN_IF_PROVED:
    return yes_or_no(value, STATE_WANTED, STATE_PENDING);
  case COLUMN_CONFIRMED: // a time, or, in some lists, a yes or no
    return slice_equal_text(value, "0") || state_word(value) == STATE_LEFT ? STATE_PENDING
                                                                           : STATE_NONE;
  default:
    return STATE_NONE;
  }
}

// ---- words for them ---------------------------------------------------------------------------

static const char *const KINDS[] = {
    [COLUMN_UNKNOWN] = "ignore",          [COLUMN_ADDRESS] = "address",
    [COLUMN_MAYBE_ADDRESS] = "ignore",    [COLUMN_NAME] = "name",
    [COLUMN_FIRST_NAME] = "first_name",   [COLUMN_LAST_NAME] = "last_name",
    [COLUMN_STATUS] = "status",           [COLUMN_MAYBE_STATUS] = "status",
    [COLUMN_NEWSLETTERS] = "newsletters", [COLUMN_LEFT] = "left",
    [COLUMN_SECTIONS] = "sections",       [COLUMN_LANGUAGE] = "language",
    [COLUMN_ZONE] = "time_zone",          [COLUMN_SIGNED_UP] = "signed_up",
    [COLUMN_CONFIRMED] = "confirmed",     [COLUMN_LEFT_AT] = "left_at",
    [COLUMN_BOUNCED_AT] = "bounced_at",   [COLUMN_PAUSED_UNTIL] = "paused_until",
    [COLUMN_IF_ON] = "gets_mail",         [COLUMN_IF_OFF] = "gets_no_mail",
    [COLUMN_IF_PROVED] = "has_confirmed", [COLUMN_IF_BOUNCED] = "has_bounced"};

const char *subscriber_column_kind(SubscriberColumn column) {
  return KINDS[column];
}

gboolean subscriber_column_parse(const char *kind, SubscriberColumn *ret_column) {
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    if (strcmp(kind, KINDS[i]) == 0) {
      *ret_column = (SubscriberColumn)i;
      return TRUE;
    }
  }
  return FALSE;
}
