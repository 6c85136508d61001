// SPDX-License-Identifier: Apache-2.0
//
// What furniture says: the patterns of furniture_phrases.c, which alone includes this. Each is
// matched at the start of one sentence in plain text (marks, bullets and link targets taken off, '
// for every apostrophe, one space between words), whatever its case, and must reach the sentence's
// end where it ends in $. A new phrase is a new row; tests/exchange/test_furniture.c has a table to
// match.
#pragma once

#include "exchange/furniture_phrases.h"

#define NETWORKS                                                                                   \
  "(facebook|twitter|x|instagram|linkedin|threads|bluesky|mastodon|tiktok|youtube|whatsapp|"       \
  "telegram|reddit|pinterest|flipboard)"

static const struct {
  FurnitureKind kind;
  const char *pattern;
} PATTERNS[] = {
    // ---- English
    {FURNITURE_SIGN_UP,
     "(please |you can |why not |enjoying this\\b.{0,20}|like this\\b.{0,20})?(sign|signing) "
     "up\\b.{0,160}\\b(newsletters?|inbox|mailing list|daily e-?mails?|morning e-?mail|free "
     "e-?mails?)\\b"},
    {FURNITURE_SIGN_UP, "(please )?(sign up|subscribe|register)( now| here| today| below| free)*( "
                        "to| for) our\\b.{0,160}$"},
    {FURNITURE_SIGN_UP, "(please )?(subscribe|register|join)\\b.{0,120}\\b(newsletters?|mailing "
                        "list|inbox|our channel|our podcast)\\b"},
    {FURNITURE_SIGN_UP,
     "(and )?(get|have|receive|enjoy|start|wake up to|read|find)\\b.{0,220}\\b(your|to your|in "
     "your) (e-?mail |mail )?(inbox|mailbox|e-?mail)\\b"},
    {FURNITURE_SIGN_UP, "(enter|type|add|submit|provide|leave) your e-?mail( address)?( "
                        "(here|below|to (subscribe|sign up|join|get|receive)\\b.*))?\\W*$"},
    {FURNITURE_SIGN_UP, "(thanks|thank you) for (signing up|subscribing|registering)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(free |daily |our |the |weekly |morning |evening |e-?mail )*newsletters?( "
                        "sign[- ]?up)?\\W*$"},
    {FURNITURE_SIGN_UP, "(sign up|subscribe) (here|now|today|below)\\W*$"},
    {FURNITURE_SIGN_UP, "(the |our |all the )?.{0,80}\\b(delivered|sent|straight|direct|directly) "
                        "to your (inbox|mailbox|e-?mail|phone)\\W*$"},
    {FURNITURE_CONSENT,
     "(by|in) "
     "(continuing|signing|subscribing|submitting|clicking|tapping|registering|entering|providing|"
     "proceeding|creating|joining|using|accessing|giving|pressing|ticking)\\b.{0,200}\\b(you|i)('"
     "ve| have)?( also| hereby| are)? "
     "(agree|accept|consent|acknowledge|confirm|understand|agreeing|accepting|consenting)"},
    {FURNITURE_CONSENT, "(you|i) (agree|consent|accept)\\b.{0,120}\\b(terms|privacy "
                        "(policy|notice|statement)|marketing)\\b"},
    {FURNITURE_CONSENT, "this (site|form|page) is protected by recaptcha\\b"},
    {FURNITURE_CONSENT, "(and )?(the )?google privacy policy and terms of service apply"},
    {FURNITURE_CONSENT, "(please )?(see|read|view|review) our (terms|privacy)\\b.{0,100}$"},
    {FURNITURE_CONSENT, "for (more|further) (information|details),? (please )?(see|read|visit) our "
                        "(privacy|terms)\\b.{0,60}$"},
    {FURNITURE_CONSENT,
     "(our |read our )?(terms|privacy (policy|notice|statement)|terms (of (use|service)|(and|&) "
     "conditions))( ?(and|&|\\||·) ?(our )?(privacy (policy|notice|statement)|terms|terms (of "
     "(use|service)|(and|&) conditions)|cookie policy))?( apply)?\\W*$"},
    {FURNITURE_COOKIES,
     "(we|this (web)?site|our (web)?site|this page)( and our( \\d+)? partners)? uses? (our own and "
     "third-party )?cookies\\b.{0,160}\\b(you|your|our|experience|site|consent|services)\\b"},
    {FURNITURE_COOKIES, "(accept|reject|decline|manage|allow)( all| optional| necessary)? "
                        "?(cookies|preferences)( settings)?\\W*$"},
    {FURNITURE_COOKIES, "cookie (settings|policy|preferences|notice)\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(advertisements?|advertising|ad|sponsored( content)?|promoted( content)?|paid "
     "(content|post)|skip ad(vertisement)?|ad feedback)\\W*$"},
    {FURNITURE_ADVERTISEMENT, "(article|story|content|report) continues (below|after)\\b.{0,60}$"},
    {FURNITURE_ADVERTISEMENT, "(scroll|swipe) (down )?(to|for) (continue|more)\\b.{0,40}$"},
    {FURNITURE_ADVERTISEMENT, "continue reading( the main story| below)?\\W*$"},
    {FURNITURE_SHARE,
     "share( this| the)?( article| story| page| post| on)?( (on|via|with|to|by) .{0,60})?\\W*$"},
    {FURNITURE_SHARE, "share (this|on) .{0,60}\\b" NETWORKS "\\b.{0,40}$"},
    {FURNITURE_SHARE, "(and )?(follow|like|find|connect with) us (on|at|in) .{0,80}$"},
    {FURNITURE_SHARE, "follow .{1,50} on " NETWORKS "( and " NETWORKS ")?\\W*$"},
    {FURNITURE_SHARE, "(copy link|link copied|print (this )?(article|page|story)|e-?mail (this "
                      ")?(article|page|story)|save (this )?(article|story)|tweet( this)?)\\W*$"},
    {FURNITURE_SHARE, NETWORKS "( " NETWORKS ")+\\W*$"},
    {FURNITURE_LOG_IN, "(are you )?already (a |an )?(subscriber|member|subscribed|registered|have "
                       "(a |an )?(account|subscription))\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "(please )?(log|sign) ?in( here| now| to (continue|read|comment|your "
                       "account)\\b.{0,40}| or (register|subscribe|sign up)\\b.{0,40})?\\W*$"},
    {FURNITURE_LOG_IN, "(subscribe|register|upgrade)( now| today| here| for free| free)?( to "
                       "(continue|read|unlock|access)\\b.{0,80})?\\W*$"},
    {FURNITURE_LOG_IN, "(to )?(continue|keep) reading,? .{0,40}\\b(subscribe|log in|sign "
                       "in|register|sign up)\\b.{0,40}$"},
    {FURNITURE_LOG_IN, "this (article|story|content) is (only )?(exclusively )?(for|available "
                       "(only )?to) (our )?(subscribers|members)\\b.{0,40}$"},
    {FURNITURE_LOG_IN, "become an? (subscriber|member|supporter)( of .{0,40})?( today| now)?\\W*$"},
    {FURNITURE_LOG_IN, "(start|try|begin) your (free )?(\\d+[- ](day|week|month) )?(free "
                       ")?(trial|subscription)\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "support (our|independent|local|quality) journalism\\b.{0,80}$"},
    {FURNITURE_RELATED,
     "(read (more|also|next|this next)|see also|related( "
     "(articles?|stories|story|content|coverage|reading|links|posts|topics))?|more (on this( "
     "story| topic)?|stories|like this)|recommended( (for you|reading|stories|articles))?|you "
     "(might|may) (also )?(like|enjoy|be interested in)|most (read|popular|viewed|shared)( "
     "stories| articles)?|trending now|in case you missed it|editors?'?s? picks?|top stories|also "
     "read|must read|up next)( in [a-z ]{1,30})?\\W*$"},
    {FURNITURE_RELATED,
     "(read (more|also|next)|see also|related( (articles?|stories|story|content|coverage))?|more "
     "(on this|like this)|recommended( reading)?|you (might|may) also like|don't miss|also "
     "read|must read|in case you missed it)( here)? ?[:>|»›–—-].{1,200}$"},
    {FURNITURE_RELATED, "(click|tap) here (to|for) .{0,100}$"},
    {FURNITURE_RELATED, "more from .{1,50}$"},
    {FURNITURE_RELATED, "the post .{1,200} appeared first on .{1,80}$"},
    {FURNITURE_COPYRIGHT, "(©|\\(c\\)|copyright)( ©| \\(c\\))? ?.{0,40}(19|20)\\d\\d\\b.{0,100}$"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\ball rights reserved\\b.{0,120}$"},
    {FURNITURE_COPYRIGHT, "this material may not be published, broadcast, rewritten\\b"},
    {FURNITURE_PAGE, "(\\d+ )?comments?( \\(?\\d+\\)?)?\\W*$"},
    {FURNITURE_PAGE, "(leave|post|add|write|view|show|read|see)( a| your| all| the)?( \\d+)? "
                     "(comments?|reply)( below)?\\W*$"},
    {FURNITURE_PAGE, "(join|start) the (conversation|discussion|debate)\\W*$"},
    {FURNITURE_PAGE, "\\d+[ -]?min(ute)?s?( |-)?(read|listen)\\W*$"},
    {FURNITURE_PAGE, "(listen to (this )?(article|story)|listen)( \\(?\\d+ ?min.{0,20})?\\W*$"},
    {FURNITURE_PAGE,
     "(skip to (main )?(content|navigation|article)|back to top|open in app|image \\d+ of "
     "\\d+|view (image|gallery)|enlarge image|loading|menu|gift this article)\\W*$"},
    {FURNITURE_PAGE, "(download|get|install) (the|our) .{0,40}\\bapp\\b.{0,20}(app store|google "
                     "play|for free|free|now|today|here)\\b.{0,40}$"},
    {FURNITURE_LIKELY,
     "(you can |you may )?(unsubscribe|opt out|cancel)( at)? ?any ?time\\b.{0,80}$"},
    {FURNITURE_LIKELY, "(please )?check your (inbox|e-?mail)\\b.{0,100}$"},
    {FURNITURE_LIKELY,
     "(your )?(e-?mail|e-?mail address|first name|last name|name|submit|subscribe|sign up|sign me "
     "up|go|ok|close|continue|next|share|save|print|x|facebook|twitter|whatsapp|linkedin|reddit|e-?"
     "mail|copy)\\W*$"},
    {FURNITURE_LIKELY, "(no spam|it'?s free|free of charge|join (over |more than )?[\\d,.]+\\+? "
                       "(readers|subscribers|others))\\b.{0,60}$"},
    {FURNITURE_LIKELY, "(want|looking for|love|enjoy(ing)?|need|like)\\b.{0,80}\\?$"},
    {FURNITURE_LIKELY, "we('ll| will| won't| never)( never)? "
                       "(share|sell|spam|send|use)\\b.{0,40}\\byour?\\b.{0,60}$"},
    {FURNITURE_LIKELY, "(sign "
                       "up|subscribe|register)\\b.{0,120}\\b(alerts?|updates?|e-?mails?|briefings?|"
                       "digest|edition|headlines)\\b.{0,60}$"},
    // ---- German
    {FURNITURE_SIGN_UP,
     "(jetzt |hier )?(abonnieren|melden|bestellen|registrieren|tragen|sichern)( sie)?( "
     "sich)?\\b.{0,140}\\b\\w*(newsletter|e-?mail-verteiler|push-?\\w*|postfach)\\w*"},
    {FURNITURE_SIGN_UP, "(erhalten|bekommen|holen|lesen) "
                        "sie\\b.{0,180}\\b(postfach|posteingang|e-?mail|newsletter)\\b"},
    {FURNITURE_SIGN_UP,
     "(unser(en)? |den |kostenloser )?newsletter( (jetzt )?(abonnieren|bestellen))?\\W*$"},
    {FURNITURE_SIGN_UP, "melde dich\\b.{0,100}\\bnewsletter\\b"},
    {FURNITURE_CONSENT,
     "(mit|durch|indem)\\b.{0,160}\\b(stimmen sie|akzeptieren sie|erklären sie sich|willigen "
     "sie|bestätigen sie|stimme ich|erkläre ich|stimmst du|akzeptierst du)\\b"},
    {FURNITURE_CONSENT,
     "ich (stimme|willige|akzeptiere|bin damit "
     "einverstanden)\\b.{0,160}(datenschutz|newsletter|agb|nutzungsbedingungen)"},
    {FURNITURE_CONSENT, "(es gelten|hier finden sie|weitere informationen finden "
                        "sie)\\b.{0,100}\\b(datenschutz\\w*|agb|nutzungsbedingungen)\\b"},
    {FURNITURE_COOKIES, "(wir|diese (web)?site|diese "
                        "(web)?seite)\\b.{0,30}\\b(verwenden|nutzen|verwendet|nutzt|setzt|setzen)"
                        "\\b.{0,30}\\bcookies\\b"},
    {FURNITURE_ADVERTISEMENT, "(anzeige|werbung|weiterlesen nach der anzeige|artikel wird nach der "
                              "anzeige fortgesetzt)\\W*$"},
    {FURNITURE_SHARE, "((diesen )?(artikel|beitrag) )?(teilen|drucken|merken)\\W*$"},
    {FURNITURE_SHARE, "folgen sie uns\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "(sie sind )?(bereits|schon) "
                       "(abonnent|abonnentin|abonniert|registriert|kunde|mitglied)\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(jetzt |hier )?(anmelden|einloggen|registrieren|abonnieren|weiterlesen)\\W*$"},
    {FURNITURE_RELATED,
     "(mehr (zum thema|dazu|lesen)|lesen sie (auch|hier mehr|dazu)|auch interessant|das könnte sie "
     "(auch )?interessieren|meistgelesen|siehe auch|zum thema)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\balle rechte vorbehalten\\b.{0,80}$"},
    {FURNITURE_LIKELY,
     "((ihre )?e-?mail-?adresse( eingeben)?|absenden|(eine )?abmeldung ist jederzeit.{0,60}|sie "
     "können\\b.{0,80}jederzeit\\b.{0,60}(abbestellen|abmelden|widerrufen))\\W*$"},
    // ---- French
    {FURNITURE_SIGN_UP, "(inscrivez|abonnez)[- "
                        "]vous\\b.{0,140}\\b(newsletters?|lettres?|infolettres?|e-?mails?|"
                        "courriels?|alertes|gratuitement)\\b"},
    {FURNITURE_SIGN_UP,
     "recevez\\b.{0,200}\\b(boîte|mail|e-?mail|courriel|newsletter|infolettre)\\b"},
    {FURNITURE_CONSENT, "en (continuant|vous inscrivant|cliquant|poursuivant|vous "
                        "abonnant|renseignant|validant|soumettant)\\b.{0,180}\\b(vous "
                        ")?(acceptez|consentez|reconnaissez|confirmez|j'accepte)\\b"},
    {FURNITURE_COOKIES,
     "(nous utilisons|ce site utilise|nous et nos partenaires)\\b.{0,60}\\bcookies\\b"},
    {FURNITURE_ADVERTISEMENT, "(publicité|la suite après (cette|la) publicité)\\W*$"},
    {FURNITURE_SHARE, "(partager|partagez)( (cet |l')?article| sur\\b.{0,40}| cette page)?\\W*$"},
    {FURNITURE_SHARE, "suivez[- ]nous\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "((vous êtes )?déjà abonnée?|se connecter|connectez-vous|(cet )?article "
                       "(est )?réservé (aux|à nos) abonnés)\\b.{0,40}$"},
    {FURNITURE_RELATED, "(à )?(lire (aussi|également|la suite)|voir aussi|sur le même "
                        "(sujet|thème))(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\btous droits réservés\\b.{0,80}$"},
    {FURNITURE_LIKELY,
     "((votre )?(adresse )?(e-?mail|courriel)|je m'inscris|s'inscrire|(vous pouvez )?vous "
     "(désinscrire|désabonner)\\b.{0,60}|désinscription à tout moment)\\W*$"},
    // ---- Spanish
    {FURNITURE_SIGN_UP,
     "(suscríbete|suscríbase|suscribite|regístrate|regístrese|apúntate|apúntese|inscríbete|"
     "inscríbase)\\b.{0,140}\\b(boletín|boletines|newsletters?|correo|alertas|gratis)\\b"},
    {FURNITURE_SIGN_UP,
     "(recibe|reciba|recibí)\\b.{0,200}\\b(correo|boletín|bandeja|newsletter|e-?mail)\\b"},
    {FURNITURE_CONSENT, "al (continuar|suscribirte|suscribirse|registrarte|registrarse|hacer "
                        "clic|enviar|pulsar|inscribirte|inscribirse)\\b.{0,180}\\b(aceptas?|"
                        "consientes?|consiente|confirmas?|estás de acuerdo|está de acuerdo)\\b"},
    {FURNITURE_COOKIES,
     "(usamos|utilizamos|este sitio (web )?(usa|utiliza))\\b.{0,40}\\bcookies\\b"},
    {FURNITURE_ADVERTISEMENT, "publicidad\\W*$"},
    {FURNITURE_SHARE, "(compartir|comparte|comparta)( (este|esta|en)\\b.{0,50})?\\W*$"},
    {FURNITURE_SHARE, "(síguenos|síganos|seguinos)\\b.{0,80}$"},
    {FURNITURE_LOG_IN,
     "(ya (eres|es) (suscriptora?|miembro|usuario)|(inicia|iniciar|inicie) sesión)\\b.{0,60}$"},
    {FURNITURE_RELATED, "((lea|lee|leer|ver|vea) también|te puede interesar|noticias "
                        "relacionadas|lee más|leer más)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\btodos los derechos reservados\\b.{0,80}$"},
    {FURNITURE_LIKELY, "((tu |su )?correo electrónico|(puedes|puede) (cancelar|darte de baja|darse "
                       "de baja)\\b.{0,60})\\W*$"},
};

// A sentence with one of these is reporting, whatever else it says.
#define REPORTING_PATTERN                                                                          \
  "\\b(said|says|saying|told|tells|warned|warns|announced|argued|argues|wrote|writes|admitted|"    \
  "claimed|claims|ruled|accused|alleged|"                                                          \
  "spokes(man|woman|person)|court|judge|regulators?|watchdog|lawsuit|sued|fined|officials|police|" \
  "sagte|sagt|teilte|laut|erklärte|zufolge|kritisierte|a déclaré|a dit|selon|affirme|a "        \
  "affirmé|dijo|afirmó|según|declaró|explicó)\\b"
#define REPORTING_ALWAYS_PATTERN                                                                   \
  "\\b(said|says|told|warned|ruled|court|judge|regulators?|sagte|a déclaré|dijo)\\b"

// Three kinds of weak signs; two of them make a sentence likely.
#define SIGN_PERSON_PATTERN                                                                        \
  "\\b(you|your|yours|you're|you'll|our|us|ihre?n?|ihnen|unsere?n?|vous|votre|vos|notre|nos|tu|"   \
  "tus|nuestr[oa]s?)\\b"
#define SIGN_IMPERATIVE_PATTERN                                                                    \
  "^(get|sign|subscribe|join|start|enter|receive|stay|don't|become|support|try|download|follow|"   \
  "unlock|tap|click|discover|never|"                                                               \
  "keep|be|choose|pick|add|wake|want|looking|interested|erhalten|bleiben|entdecken|verpassen|"     \
  "recevez|restez|découvrez|recibe|"                                                              \
  "descubre|mantente)\\b"
#define SIGN_NOUN_PATTERN                                                                          \
  "\\b(newsletters?|inbox|subscribers?|subscriptions?|e-?mails?|alerts?|headlines|breaking "       \
  "news|briefing|digital newspaper|"                                                               \
  "digest|updates|our app|sign up|top "                                                            \
  "stories|postfach|schlagzeilen|boîte|boletín|titulares|infolettre)\\b"
