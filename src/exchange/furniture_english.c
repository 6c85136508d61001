// SPDX-License-Identifier: Apache-2.0
//
// English furniture. See furniture_patterns.h.
#include "exchange/furniture_patterns.h"

#define NETWORKS FURNITURE_NETWORKS

const FurniturePattern FURNITURE_ENGLISH[] = {
    {FURNITURE_SIGN_UP,
     "(please |you can |why not |enjoying this\\b.{0,20}|like this\\b.{0,20})?(sign|signing) "
     "up\\b.{0,160}\\b(newsletters?|inbox|mailing list|daily e-?mails?|morning e-?mail|free "
     "e-?mails?)\\b"},
    {FURNITURE_SIGN_UP, "(please )?(sign up|subscribe|register)( now| here| today| below| free)*( "
                        "to| for) our\\b.{0,160}$"},
    {FURNITURE_SIGN_UP,
     "(please )?(subscribe|register|join)\\b.{0,120}\\b(newsletters?|mailing list|inbox|our "
     "channel|our podcast)( "
     "(here|now|today|for|to|and|below|by|at|delivered|with|sent)\\b.{0,120})?\\W*$"},
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
     "(agree|accept|consent|acknowledge|confirm|understand|agreeing|accepting|consenting)\\b.{0,"
     "240}\\b(terms|privacy|polic(y|ies)|conditions|cookies|marketing|e-?mails?|newsletters?|"
     "notice|statement|communications|messages|agreement|receive|receiving|promotional)\\b"},
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
    {FURNITURE_ADVERTISEMENT, "advertise with [^.!?]{1,40}\\W*$"},
    {FURNITURE_SHARE, "share( this| the)?( article| story| page| post)?( (on|via|to|by) .{0,60}| "
                      "with (your )?friends)?\\W*$"},
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
    {FURNITURE_RELATED, "more (from|in|on|about) [^.!?]{1,50}$"},
    {FURNITURE_RELATED, "the post .{1,200} appeared first on .{1,80}$"},
    {FURNITURE_COPYRIGHT, "(©|\\(c\\)|copyright)( ©| \\(c\\))? ?.{0,40}(19|20)\\d\\d\\b.{0,100}$"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\ball rights reserved(\\W*$|[.,;|] ?.{0,120}$)"},
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
    {FURNITURE_LIKELY, "(what do you think|have you been affected)\\b.{0,40}\\?$"},
    {FURNITURE_SIGN_UP, "(skip past |after )(the )?newsletter promotion\\W*$"},
    {FURNITURE_LIKELY, "(please )?check your (inbox|e-?mail)\\b.{0,100}$"},
    {FURNITURE_LIKELY,
     "(your )?(e-?mail|e-?mail address|first name|last name|name|submit|subscribe|sign up|sign me "
     "up|go|ok|close|continue|next|share|save|print|x|facebook|twitter|whatsapp|linkedin|reddit|e-?"
     "mail|copy)\\W*$"},
    {FURNITURE_LIKELY, "(no spam|it'?s free|free of charge|join (over |more than )?[\\d,.]+\\+? "
                       "(readers|subscribers|others))\\b.{0,60}$"},
    {FURNITURE_LIKELY, "(success|done|thanks|thank you)\\W*$"},
    {FURNITURE_PAGE, "(e-?mail|contact|call|text|whatsapp|message|write to)( us| tips)?( at| on| "
                     "via)? \\S+@\\S+.{0,40}$"},
    {FURNITURE_LIKELY, "(want|looking for|love|enjoy(ing)?|need|like)\\b.{0,80}\\?$"},
    {FURNITURE_LIKELY, "we('ll| will| won't| never)( never)? "
                       "(share|sell|spam|send|use)\\b.{0,40}\\byour?\\b.{0,60}$"},
    {FURNITURE_LIKELY, "(sign "
                       "up|subscribe|register)\\b.{0,120}\\b(alerts?|updates?|e-?mails?|briefings?|"
                       "digest|edition|headlines)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "(get|read|try|receive|join) (the|our) .{1,60}\\bnewsletters?\\W*$"},
    {FURNITURE_SIGN_UP, "(click here to |tap here to )?sign up (for|to) .{1,60}, (our|the|a) (free "
                        ")?(daily|weekly|morning|evening|new|monthly)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "sign up (to|for) (our |the )?(free |daily |breaking |weekly "
                        ")+.{0,40}\\b(e-?mails?|alerts?|newsletters?|updates?)\\W*$"},
    {FURNITURE_SIGN_UP, "make sense of .{1,80}\\bnewsletter\\W*$"},
    {FURNITURE_SIGN_UP, "the most .{1,60} stories of the day\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "in your inbox,? .{0,40}$"},
    {FURNITURE_SIGN_UP, "i(('| woul)d like| want) to "
                        "(receive|get)\\b.{0,40}\\b(e-?mails?|offers|updates|news|newsletters?|"
                        "promotions)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(success!? ?)?you('re| are| have been|'ve been) (now )?(on the "
                        "list|subscribed|signed up)( (to|for) .{1,60})?\\W*$"},
    {FURNITURE_SIGN_UP, "join our (whatsapp|telegram|facebook|discord|reddit|viber)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(get|receive) (the )?(latest|breaking|top)? "
                        "?(news|headlines|updates|alerts)\\b.{0,40}\\b(on|via|by|in) "
                        "(whatsapp|telegram|e-?mail|your phone|our app)\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, ".{1,60} is a reader-supported (publication|newsletter)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "to receive new posts( and support my work)?,? .{0,80}$"},
    {FURNITURE_SIGN_UP, "(thanks|thank you) for reading\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "subscribe (for free )?to (receive|get) new posts\\b.{0,60}$"},
    {FURNITURE_SIGN_UP,
     "join .{1,40} (for free )?to get (updates|stories) from this (writer|author)\\W*$"},
    {FURNITURE_SIGN_UP, "get .{1,50}'s? stories in your inbox\\W*$"},
    {FURNITURE_SIGN_UP, "if you (enjoyed|liked) this (story|article|post),? (please )?.{0,80}$"},
    {FURNITURE_SIGN_UP, "(stay|keep) (informed|in the loop|up to "
                        "date|up-to-date|connected|ahead)\\b.{0,60}\\b(newsletters?|our "
                        "app|inbox|alerts|subscribe|sign up)\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, "never miss (a|an|another|our) "
                        ".{0,20}\\b(story|update|post|episode|headline|issue|article|beat|"
                        "newsletter|moment)\\b.{0,30}$"},
    {FURNITURE_SIGN_UP,
     "don't miss (a|out on) (story|thing|beat|post|update|our|the latest)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(please )?enter a valid e-?mail( address)?\\W*$"},
    {FURNITURE_SIGN_UP,
     "(please )?check your (inbox|e-?mail)( and spam folder)? to confirm\\b.{0,60}$"},
    {FURNITURE_CONSENT, "privacy notice: .{0,200}$"},
    {FURNITURE_CONSENT, "newsletters may contain (info|information) about\\b.{0,140}$"},
    {FURNITURE_CONSENT, "(we|this site) uses? (google )?recaptcha to protect\\b.{0,120}$"},
    {FURNITURE_CONSENT, "we care about (the protection of )?your (data|privacy)\\b.{0,60}$"},
    {FURNITURE_CONSENT, "we value your privacy\\W*$"},
    {FURNITURE_CONSENT,
     "(read|see|view|learn more in|check) our (full )?(privacy|terms|cookie)\\b.{0,60}$"},
    {FURNITURE_CONSENT,
     "your (information|data|details) will be used in accordance with\\b.{0,80}$"},
    {FURNITURE_CONSENT,
     "(your|this) .{0,60} (is|are) (subject to|governed by) (our|the) (terms|privacy)\\b.{0,80}$"},
    {FURNITURE_CONSENT, "sign[- ]?up (is )?subject to (our|the) (terms|privacy)\\b.{0,80}$"},
    {FURNITURE_COOKIES, "we and our (\\d+ |third[- ]party |trusted "
                        ")*partners\\b.{0,220}\\b(cookies|device|data|identifiers)\\b.{0,220}$"},
    {FURNITURE_COOKIES,
     "(accept|reject|decline|allow|agree to) all( (and|&) (close|continue|subscribe))?\\W*$"},
    {FURNITURE_COOKIES, "(manage|more) (options|choices|my choices|settings|preferences)\\W*$"},
    {FURNITURE_COOKIES, "this content is hosted by a third party\\b.{0,120}$"},
    {FURNITURE_COOKIES, "(to (view|see|watch) this (content|video|post),? )?(you must|please|you "
                        "need to) (accept|enable|allow|update) .{0,30}cookies?\\b.{0,80}$"},
    {FURNITURE_COOKIES, "allow .{1,30} content\\?$"},
    {FURNITURE_COOKIES, "this (article|page) (contains|includes) content provided by .{1,40}$"},
    {FURNITURE_COOKIES, "we ask for your permission before anything is loaded\\b.{0,160}$"},
    {FURNITURE_ADVERTISEMENT,
     "\\(?(this )?(article|story|content|report|post) continues (below|after)\\b.{0,60}$"},
    {FURNITURE_ADVERTISEMENT,
     "(advertisement|ad) ?[-–—·|] ?(scroll|continue|story|article|skip)\\b.{0,60}$"},
    {FURNITURE_ADVERTISEMENT,
     "(skip|hide|close|report this|remove) (this )?(ads?|advertisements?)\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(supported|sponsored|presented|powered|promoted|brought to you) by\\W*$"},
    {FURNITURE_ADVERTISEMENT, "(sponsored (links?|stories|posts?|by .{1,40})|ads by .{1,30}|by "
                              "taboola|taboola|outbrain|around the web|from our partners|paid for "
                              "and posted by .{1,40}|partner content)\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(this|the) (article|post|page|story) (may )?contains? affiliate links?\\b.{0,140}$"},
    {FURNITURE_ADVERTISEMENT, "we may (earn|receive) (a |an )?.{0,30}commission\\b.{0,120}$"},
    {FURNITURE_SHARE,
     "share (full article|via|link|or comment on this article\\b.{0,160}|options|toggle|to "
     ".{1,20}|with .{1,20} friends|.{1,50} (newsletter|letter))\\W*$"},
    {FURNITURE_SHARE, "(gift ?outline )?gift (this )?(article|story)\\W*$"},
    {FURNITURE_SHARE, "(add|save) (this )?(article |story )?to (your |my )?(saved stories|reading "
                      "list|favou?rites|bookmarks|list)\\W*$"},
    {FURNITURE_SHARE, "(follow|get|read|find|catch) (us|more|all the latest|all our stories|live "
                      "updates)\\b.{0,40}\\b(on|via) " NETWORKS "\\b.{0,80}$"},
    {FURNITURE_SHARE,
     "(reuse this content|request (a )?correction|report (a|an) "
     "(typo|error|mistake|correction)|suggest a correction|order reprints|today's paper|buy (a "
     ")?(print|reprint|photo)s?\\b.{0,40}|get rights|submit a letter to the editor)\\W*$"},
    {FURNITURE_SHARE, "\\d[\\d.,]*k? (shares?|likes?|views?|claps?|reactions?|retweets?)\\W*$"},
    {FURNITURE_SHARE, "(click|tap) to share\\b.{0,80}$"},
    {FURNITURE_SHARE, "(opens in (a )?new (window|tab)|external link)\\W*$"},
    {FURNITURE_LOG_IN, "(or )?sign ?-?up to (continue|keep) reading\\W*$"},
    {FURNITURE_LOG_IN,
     "(create|make|open) (a|your) (free )?account( to .{1,60}| now| today)?\\W*$"},
    {FURNITURE_LOG_IN, "this is a (subscriber|member)s?[- ]only (article|story|post)\\W*$"},
    {FURNITURE_LOG_IN, "this (article|story|post|content) is (reserved )?(for|free for) (paid "
                       "|paying |registered )?(subscribers|members|users|readers)\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(subscribe|subscribe now|subscribe today|register|join|upgrade|sign up)( now| today)? for "
     "(unlimited|full|complete|ad-free|instant|premium|free)\\b.{0,60}\\b(access|reading|articles|"
     "content|experience)\\b.{0,40}$"},
    {FURNITURE_LOG_IN,
     "(just |only |from )?[$€£] ?\\d+([.,]\\d+)?( ?/ ?(month|week|year|day|mo|wk)\\b.{0,80}|( a | "
     "per )(month|week|year)\\b.{0,40}\\b(then|billed|cancel|trial|thereafter|for the first|for "
     "your first)\\b.{0,60})$"},
    {FURNITURE_LOG_IN, "\\(?min(imum)? cost [$€£] ?[\\d.]+\\W*$"},
    {FURNITURE_LOG_IN, "[$€£]\\d+ ?/\\W*$"},
    {FURNITURE_LOG_IN, "want (all of|more from|to read more from|unlimited access to) .{1,50}\\?$"},
    {FURNITURE_LOG_IN, "thank you for your patience while we verify access\\W*$"},
    {FURNITURE_LOG_IN, "if you are in reader mode please exit\\b.{0,140}$"},
    {FURNITURE_LOG_IN, "we are having trouble retrieving the article content\\W*$"},
    {FURNITURE_LOG_IN, "(you('ve| have) (\\d+|one|two|three|reached|used|read)\\b.{0,60}\\b(free "
                       "(articles?|stories)|article limit|articles? (left|remaining))\\b.{0,80})$"},
    {FURNITURE_LOG_IN,
     "(already|not) (a |an )?(subscriber|member|registered|subscribed|have an account)\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "(unlock|get|enjoy) (unlimited|full|exclusive|complete) "
                       ".{0,40}\\b(access|articles|content)\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(to|please) (read|view|see|access) the (rest|full|whole) (of (this|the) "
     ")?(article|story|post)\\b.{0,60}\\b(subscribe|log ?in|sign ?in|register|sign up)\\b.{0,40}$"},
    {FURNITURE_LOG_IN, "(make sure|you (must|need to|have to)|please) (you are |be |to be "
                       ")?log(ged)? ?in to (comment|post|reply|view)\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "(all articles from our (other )?(web)?sites?( & .{1,30})?|the digital "
                       "version of (today's|the) paper|crosswords, sudoku and trivia|breaking news "
                       "alerts direct to your inbox|all other .{1,40} in your area)\\W*$"},
    {FURNITURE_LOG_IN,
     "(if you (value|enjoy|like) .{1,60}, )?(please )?(consider )?(making a "
     "donation|donat(e|ing)|becoming an? (paid |free )?(subscriber|member|supporter)|chip "
     "in|support us|contribute)( today| now| here| to (our|us|support our)\\b.{0,60})?\\W*$"},
    {FURNITURE_LOG_IN, "unlock (this|the full) (article|story)\\b.{0,60}$"},
    {FURNITURE_RELATED,
     "(explore more (on these topics)?|more on these topics|related (topics|internet "
     "links|videos?|news|tags|keywords)|sponsored stories|most "
     "(watched|listened|commented|discussed|recent)\\b.{0,30}|trending( "
     "(stories|topics|news|videos))?|latest( (news|stories|from .{1,30}))|what to read next|keep "
     "reading|more (to read|to explore|coverage|news|top stories)|popular( "
     "(now|stories|articles|posts|in .{1,20}))|today's (top|best|big) (stories|reads)|editor's "
     "choice|our (top|best) stories|you may be interested in|we recommend|read this next|further "
     "reading|elsewhere on .{1,30}|from the archives?|featured "
     "(stories|articles|videos?)|tags|filed under|topics|discussion about this post|people also "
     "read|from our network|other stories|next (article|story|post|up)|previous "
     "(article|story|post)|also in the news|also on .{1,30}|don't miss( this| it)?|stories for "
     "you|story highlights|live feed|top reads)\\W*$"},
    {FURNITURE_RELATED,
     "(watch|listen|read|watch below|watch live|watch now|listen now|read full story|read the full "
     "story|full story|read here|read on|see|in pictures|in pics|photos|gallery|video|from the "
     "archives?|also on .{1,20}|recommended|trending|explainer|related video|related link|more "
     "reading|further reading|must watch|must see|story continues|opinion|your "
     "view|quiz|tags|topics|filed under|more) ?(:|>|»|›|\\|) ?.{1,200}[^.]$"},
    {FURNITURE_RELATED, "(read|see|watch|find|click|get|for) (the )?(full|more|all|our|latest) "
                        ".{0,40}\\b(here|live blog|coverage|live updates)\\W*$"},
    {FURNITURE_RELATED, "read more (from|about|on|by|in|stories|here|at)\\b.{0,80}[^.]$"},
    {FURNITURE_RELATED, "(listen to|subscribe to|watch) (our|the) "
                        ".{0,20}(podcast|channel|show|video series)\\b.{0,100}$"},
    {FURNITURE_RELATED, "scroll down (for|to (see|watch|read)) .{0,60}$"},
    {FURNITURE_COPYRIGHT,
     "(the )?.{1,30} is not responsible for the content of external (web)?sites\\W*$"},
    {FURNITURE_COPYRIGHT, "(this|the) (story|article|post|report|piece) (was |has been |is "
                          ")?(originally|first) (published|appeared)\\b.{0,140}$"},
    {FURNITURE_COPYRIGHT,
     "(a version of this (article|story) (appears|appeared)|this article appeared in) .{1,140}$"},
    {FURNITURE_COPYRIGHT, "our standards: .{1,80}$"},
    {FURNITURE_COPYRIGHT, "© .{2,60}$"},
    {FURNITURE_COPYRIGHT, "(except for the headline, )?this (story|article|report) has not been "
                          "edited by .{1,60} staff\\b.{0,80}$"},
    {FURNITURE_COPYRIGHT, "(republish (this|our) (article|story|work)\\b.{0,80}|republished (with "
                          "permission|under a creative commons licen[cs]e)\\b.{0,120})$"},
    {FURNITURE_PAGE, "(do you|have|got) (have )?(a|any) (story|tip|news "
                     "tip|photo|question|something)\\b.{0,60}\\b(e-?mail|contact|call|send|get in "
                     "touch|let us know|us)\\b.{0,100}$"},
    {FURNITURE_PAGE, "(do|have) (you|a)( have)? (a )?(story|tip|news tip|question)\\b.{0,40}\\?$"},
    {FURNITURE_PAGE,
     "(contact|e-?mail|reach|message|write to) (us|our (newsroom|news team|news "
     "desk|team|reporters?|editors?)|the (newsroom|news desk|author|reporter))\\b.{0,80}$"},
    {FURNITURE_PAGE, "(have your say|tell us (what you think|in the comments))\\b.{0,20}\\W*$"},
    {FURNITURE_PAGE, "(join the conversation|let us know|share your (thoughts|views)|tell "
                     "us)\\b.{0,40}\\bcomments?( section)?( below)?\\W*$"},
    {FURNITURE_PAGE, "please (adhere to|follow|read|respect) our "
                     "(comment|commenting|community|moderation)\\b.{0,60}$"},
    {FURNITURE_PAGE,
     "comments? (on this (story|article)|(are|is) (now )?(closed|moderated|disabled|open|off)( "
     "(for|on) this (article|story|post))?|section)\\W*$"},
    {FURNITURE_PAGE, "(estimated )?(reading|listening|watch) time:? .{0,20}$"},
    {FURNITURE_PAGE, "(about )?\\d+[ -]?min(ute)?s?\\W*$"},
    {FURNITURE_PAGE, "(this )?video (player|can not be played|cannot be "
                     "played|loading|unavailable|is unavailable|ad feedback|playback)\\b.{0,60}$"},
    {FURNITURE_PAGE, "(to (play|view|watch|use|see) this .{1,20},? )?(you need to|please|you must) "
                     "(enable|turn on|activate) javascript\\b.{0,80}$"},
    {FURNITURE_PAGE,
     "(your|this) browser (does not|doesn't|is not|isn't)\\b.{0,20}\\bsupport(ed)?\\b.{0,80}$"},
    {FURNITURE_PAGE, "(press enter or )?(click|tap)( here)? (to|for) "
                     "(view|see|enlarge|expand|zoom|play|a? ?larger)\\b.{0,60}$"},
    {FURNITURE_PAGE, "(something went wrong|an error (has )?occurred|oops)\\b.{0,10}( please try "
                     "again( later)?)?\\W*$"},
    {FURNITURE_PAGE, "please try again( later)?\\W*$"},
    {FURNITURE_PAGE,
     "(this )?(audio|article|narration|voice) (is |was )?(auto-generated|automatically "
     "generated|ai-generated|generated by ai|read by an automated voice)\\b.{0,80}$"},
    {FURNITURE_PAGE,
     "(your browser does not support the .{1,20} element|play audio|play video|toggle "
     "(share|menu|navigation)\\b.{0,20}|show (more|less|all|caption)|hide caption|toggle "
     "caption|load more|view (more|all|comments)|see (more|all)|expand|collapse|jump to( "
     ".{1,20})?|go to homepage|back to (home|homepage)|slide \\d+ of \\d+|\\d+ of \\d+|\\d+ ?/ "
     "?\\d+|page \\d+ of \\d+|unmute|mute|autoplay|playback speed|translated by|text size|font "
     "size|larger text|smaller text|dark mode|listen now|end of carousel|end of list|list of \\d+ "
     "items)\\W*$"},
    {FURNITURE_PAGE, "(last )?(modified|updated) on \\w+,? .{4,40}$"},
    {FURNITURE_PAGE, "set .{1,40} as (your )?(a )?preferred source\\b.{0,40}$"},
    {FURNITURE_PAGE, "(add|make) .{1,40} (a|as a|your) preferred source\\b.{0,40}$"},
    {FURNITURE_BEGIN,
     "skip (past )?(the )?(newsletter promotion|promotion|.{1,30} and continue reading)\\W*$"},
    {FURNITURE_END,
     "(after (the )?newsletter promotion|end of .{1,40} promotion|end of newsletter signup)\\W*$"},
    {FURNITURE_BEGIN, "skip .{1,40} and continue reading\\W*$"},
    {FURNITURE_END, "end of (.{1,20} content(, \\d+)?|.{1,40})\\W*$"},
    {FURNITURE_PICTURE, "(photo|image|picture|photograph|photography|file photo|main "
                        "image|featured image|top image|cover photo)( credit| source| by| "
                        "courtesy( of)?|s)? ?[:,/|] ?([^.!?]|\\b\\w\\.){1,80}$"},
    {FURNITURE_PICTURE,
     "(photo|image|picture|photograph|illustration)s? (by|courtesy of|via) [^.!?]{1,60}\\W*$"},
    {FURNITURE_PICTURE, "\\(?(photo|image|picture|photograph) ?(credit)? ?[:/] ?[^!?]{1,60}\\)$"},
    {FURNITURE_PICTURE, "(getty images|shutterstock|istock|ap photo|reuters/.{1,30}|afp/getty "
                        "images|pa media|supplied|file photo|stock image|via getty images)\\W*$"},
    {FURNITURE_PICTURE, "[^.!?]{1,40}( / |/| via |\\|| \\| )(getty "
                        "images|shutterstock|reuters|afp|ap|epa|pa|dpa|istock|picture alliance|ap "
                        "photo)( via .{1,30})?\\W*$"},
    {FURNITURE_LABEL,
     "(save|saved|print|listen|comments?|bookmark|copy|link|follow|following|like|reply|reblog|"
     "restack|repost|subscribe|subscribed|feedback|close|search|home|login|log "
     "out|profile|account|settings|help|contact|about( "
     "us)?|e-?mail|tweet|send|more|menu|sections|news|live|video|audio|photos|newsletters?|"
     "podcasts?|opinion|sport|sports|business|culture|lifestyle|world|uk|us|us "
     "news|politics|technology|science|health|travel|weather|crosswords|games|shop|advertise|"
     "donate|give|careers|press|imprint|faq|archive|rss|topics|tags|caption|credit|image|photo|"
     "play|pause|next|previous|prev|back|forward|top|options|read|view|open|download|app|article|"
     "story|breaking|exclusive|analysis|premium|free|new|verified|author|by|updated|published|"
     "posted|date)\\W*$"},
    {FURNITURE_LABEL, "\\d[\\d.,]*k?\\W*$"},
    {FURNITURE_LABEL, "[\\w.]+ newsletter\\W*$"},
    {FURNITURE_LABEL, "(published|posted|updated) (on )?(\\d{1,2} \\w+( \\d{4})?|\\w+ \\d{1,2}(, "
                      "\\d{4})?|\\d+ \\w+ ago|today|yesterday)\\W*$"},
    {FURNITURE_LABEL, "\\d+ (min(ute)?s?|hours?|hrs?|days?|weeks?|months?|years?) ago\\W*$"},

    // ---- English, as the large houses put it
    {FURNITURE_SIGN_UP, "(sign up|subscribe|register)( here| now| today)? (for|to) (our|the) "
                        ".{1,60}\\b(alerts?|e-?mails?|updates|briefings?|digest|bulletins?|guide|"
                        "edition)\\b.{0,100}$"},
    {FURNITURE_SIGN_UP, "sign up (for|to) [\\w' ]{2,50},? (our|the|a) (free |daily |weekly |new "
                        ")*(e-?mail|newsletter|briefing|letter|guide|digest)\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "(the|our) .{1,50} newsletter is (our|the|your) .{1,120}$"},
    {FURNITURE_SIGN_UP, "(start|end|wrap up) (the|your) (day|week|morning) with .{1,160}$"},
    {FURNITURE_SIGN_UP, "(start|kick off) your (morning|day|week|weekend)\\b.{0,160}$"},
    {FURNITURE_SIGN_UP, "get (the )?(day|week|night)'s .{1,120}\\bto (enjoy|your .{1,20})\\W*$"},
    {FURNITURE_SIGN_UP,
     "get (our|the) (free |best |must-read |top |latest |essential )*.{0,60}\\b(newsletter|e-?mail "
     "briefing|briefing|roundup|round-up|edition)\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "(join our|get it on|now available on) (whatsapp|telegram|google play|the "
                        "app store)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "(a welcome e-?mail is on its way|the next issue of .{1,60} will soon be "
                        "in your inbox|we encountered an issue signing you up|interested in more "
                        "newsletters|browse (all )?(our )?newsletters)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(get|receive) e-?mail updates from\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "did you know (that )?(with|you "
                        "can|our)\\b.{0,60}\\b(subscri\\w+|app|newsletters?)\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "catch all the .{1,120}\\bon .{1,60}$"},
    {FURNITURE_SIGN_UP, "(for|get|track|read|follow) (all )?(the )?latest .{1,60}\\b(app|live "
                        "on|follow us|download|updates on)\\b.{0,60}$"},
    {FURNITURE_CONSENT, "we use your (sign-?up|data|details|information|e-?mail)( data| address)? "
                        "(to|in accordance|for)\\b.{0,240}$"},
    {FURNITURE_CONSENT, "this may include (adverts|ads|advertising|offers)\\b.{0,160}$"},
    {FURNITURE_CONSENT, "i('d| would) like to be e-?mailed about\\b.{0,120}$"},
    {FURNITURE_CONSENT,
     "(by|when) "
     "(entering|sharing|clicking|pushing|pressing|hitting|checking)\\b.{0,160}\\b(you|i)('re| are| "
     "am)? "
     "(agree|agreeing|consent|consenting|accept|accepting|acknowledge|acknowledging)\\b.{0,240}\\b("
     "terms|privacy|polic(y|ies)|conditions|cookies|marketing|e-?mails?|newsletters?|notice|"
     "statement|communications|messages|agreement|receive|receiving|promotional)\\b"},
    {FURNITURE_CONSENT, "you (can|may) (also )?(manage|change|update|withdraw) your "
                        "(preferences|consent|choices|settings|subscription)\\b.{0,80}$"},
    {FURNITURE_CONSENT, "(for|see) details (of|on) how we (use|handle|process) your\\b.{0,80}$"},
    {FURNITURE_COOKIES, "(this|our) (web)?site (requires|needs) (javascript|cookies)\\b.{0,60}$"},
    {FURNITURE_ADVERTISEMENT,
     "(sponsor message|become an? .{1,20} sponsor|promoted stories|article content|advertisement "
     "\\d+|this advertisement has not loaded yet,? but your article continues below|report this "
     "ad|ad loading|loading ad|content from our (partners|sponsors))\\W*$"},
    {FURNITURE_SHARE, "(add|follow|tap here to follow|click here to follow|make) (us|.{1,40}) "
                      "(on|as a? ?(preferred|trusted) source on) google( news)?\\b.{0,60}$"},
    {FURNITURE_SHARE, "(this article was|has been) (gifted|shared) (to|with) you\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(this content is reserved for subscribers( only)?|(subscribe|register|sign in|log in)( / "
     "sign in)? to unlock (more|this|all) (articles|stories|content)|access articles from .{1,40} "
     "with one account|(sign|log) in or create an account|view more offers|activate your online "
     "access( now)?|unlimited (online|digital) access to\\b.{0,120}|support (from|our) "
     "(local|independent) (readers|journalism)\\b.{0,60})\\W*$"},
    {FURNITURE_LOG_IN, "(create an account|sign in|log in) or (create an account|sign in|log "
                       "in|register|subscribe)\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "if you are a (home delivery|print|digital) .{0,30}subscriber\\b.{0,120}$"},
    {FURNITURE_LOG_IN, "(you have|you've) reached your (maximum|limit|monthly|free)\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "(join .{1,40} for|you need) access to this content\\W*$"},
    {FURNITURE_LOG_IN, "your (support|donation|contribution|subscription) "
                       "(makes|helps|allows|means|enables|funds|keeps|ensures)\\b.{0,160}$"},
    {FURNITURE_LOG_IN,
     "we (believe|think) (that )?(quality|independent|good|our) journalism should be\\b.{0,120}$"},
    {FURNITURE_LOG_IN, "(and )?unlike many other (quality )?(news|media)\\b.{0,200}$"},
    {FURNITURE_LOG_IN, "(subscribe|register|sign up|log ?in) (now |today |here )?(and|to) "
                       "(get|enjoy|access|unlock|read|continue|support)\\b.{0,120}$"},
    {FURNITURE_RELATED,
     "(go deeper|see all topics|more coverage|read related topics|related coverage|originally "
     "published as\\b.{0,160}|what's next|the latest|trending on .{1,30}|from around the "
     "web|popular in the community|today's (headlines|most read)|stories you may like|promoted|see "
     "more|latest edition|more .{1,20} (news|stories|coverage)|our best (reads|stories)|related to "
     "this (story|article)|recent (posts|stories|articles)|about the author|comments policy)\\W*$"},
    {FURNITURE_RELATED,
     "(also read|read also|read more|also see|see also|must read|related) ?[|:»>–—-] ?.{1,200}$"},
    {FURNITURE_RELATED, "(click|tap|go) here (to|for|if)\\b.{0,120}$"},
    {FURNITURE_RELATED, ".{1,60} top headlines are here\\W*$"},
    {FURNITURE_RELATED, "check out what's (clicking|trending|new) on\\b.{0,60}$"},
    {FURNITURE_PAGE,
     "(got|have|know) (a|any|more|something) (story|tip|news|photo|video|more)\\b.{0,40}\\?$"},
    {FURNITURE_PAGE, "(get in touch|contact us|e-?mail us|send us|drop us a line|call us|write to "
                     "us|message us)\\b.{0,40}(\\S+@\\S+|on|at|by|via|with|here)\\b.{0,60}$"},
    {FURNITURE_PAGE,
     "(if you('ve| have) been affected by|have you been affected by|do you (have an opinion "
     "on|know more about))\\b.{0,60}\\b(contact|e-?mail|call|tell|this|issues)\\b.{0,120}$"},
    {FURNITURE_PAGE, "if you would like to submit (a response|a letter)\\b.{0,200}$"},
    {FURNITURE_PAGE, ".{1,30} values your feedback\\W*$"},
    {FURNITURE_PAGE, "(was this (article|page|story|information) (helpful|useful)|thanks for your "
                     "feedback|rate this (article|story))\\W*$"},
    {FURNITURE_PAGE, "(enlarge this image|show caption|toggle caption|zoom image|open image in new "
                     "window|view full size|full screen|fullscreen|loading\\.{0,3}|now playing|up "
                     "next|volume \\d+%?|live updates?|\\d+:\\d\\d)\\W*$"},
    {FURNITURE_PAGE, "you can now listen to\\b.{0,60}\\barticles?\\b.{0,40}$"},
    {FURNITURE_LIKELY, "you (can|may) (leave|stop|withdraw|cancel|change this)\\b.{0,20}\\b(any "
                       "?time|whenever)\\b.{0,60}$"},
    {FURNITURE_LIKELY, "please turn it on\\b.{0,40}$"},
    {FURNITURE_LIKELY,
     "(don't want to miss|never want to miss|tired of missing|can't get enough of)\\b.{0,80}\\?$"},
    {FURNITURE_LIKELY,
     "(your|at such a critical|from reproductive rights|we need "
     "reporters)\\b.{0,60}\\b(support|donation|donations|moment|readers like you)\\b.{0,120}$"},
    {FURNITURE_LABEL, "(more info|or|and|info|learn more|find out more|read more|see more|e-?mail "
                      "address|first name|last name|required|optional|yes|no|thanks|share "
                      "via|copied|copy url|shares?|views?|votes?|min read|add comment|order "
                      "by|newest|oldest|all|latest|popular)\\W*$"},
    {FURNITURE_LABEL, NETWORKS "\\W*$"},
    {FURNITURE_RELATED, "more on:? [^.!?]{1,60}$"},
    {FURNITURE_CONSENT, "(i understand|use of|registration on|your use of|by your "
                        "use)\\b.{0,120}\\b(agreement|acceptance|agree|accept)\\b.{0,120}\\b("
                        "privacy|terms|user agreement|conditions)\\b.{0,80}$"},
    {FURNITURE_ADVERTISEMENT,
     "if you "
     "(purchase|buy|click|order)\\b.{0,160}\\b(commission|compensation|compensated)\\b.{0,80}$"},
    {FURNITURE_SHARE,
     "(gift this (article|story)( free)?|licen[cs]e (this|our) (content|article|photo)|submit a "
     "(news )?tip|corrections and clarifications|report an error|see an error|spotted an "
     "error|text to speech icon|republish this article)\\W*$"},
    {FURNITURE_PAGE, "estimated \\d+ minutes?\\W*$"},
    {FURNITURE_PAGE, "(the )?(audio|ai|text-to-speech)\\b.{0,60}\\b(generated|powered) by (an? "
                     ")?(ai|artificial|text-to-speech|automated)\\b.{0,80}$"},
    {FURNITURE_PAGE, "mispronunciations (can|may) occur\\W*$"},
    {FURNITURE_PAGE, "we are working with our partners to continually\\b.{0,100}$"},
    {FURNITURE_ADVERTISEMENT, "continue reading (below|after)\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, "sign up here (to|for|and)\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "register (now )?for (one|any|all) of our newsletters\\b.{0,40}$"},
    {FURNITURE_LOG_IN, "(our|independent|local|quality|good) (journalism|reporting|newsroom) "
                       "(needs|depends on|relies on|is powered by|is funded by) (your|our "
                       "readers|readers like you|you)\\b.{0,100}$"},
    {FURNITURE_LOG_IN, "(please )?subscribe (now|today|here) to [^.]{1,40}(\\.\\w{2,3})?\\W*$"},
    {FURNITURE_LOG_IN, "if everyone (who reads|reading) (this|our)\\b.{0,160}$"},
    {FURNITURE_LOG_IN, "(please )?(donate|give|support us|contribute|chip in) (from|for as little "
                       "as) [$€£]\\d+\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "thank you for (being a (reader|subscriber|member|supporter)|your support)\\W*$"},
    {FURNITURE_LOG_IN,
     "(here )?at .{1,40} we are (independent|reader-funded|a non-?profit)\\b.{0,80}$"},
    {FURNITURE_LIKELY, "before you go\\W*$"},
    {FURNITURE_LIKELY, "this (story|article) is part of\\b.{0,80}$"},
    {FURNITURE_LIKELY, "(we're|we are|we|our|making|here "
                       "at|at)\\b.{0,100}\\b(journalism|reader-funded|newsroom)\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "(sign up|subscribe) (to|for) (the|our) [^.!?,]{1,50}$"},
    {FURNITURE_SIGN_UP,
     "(keep up|stay up) (with|to date with) (the )?latest (in|on|from)\\b.{1,60}$"},
    {FURNITURE_SIGN_UP, "(get|read|see|be first to) (the )?(biggest|best|top|breaking|latest) "
                        "(stories|news|headlines)\\b.{0,60}\\b(channel|app|whatsapp|telegram|"
                        "alerts?|notifications?)\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, "(get|download) (the|our) (free )?.{1,40}\\bapp\\b( "
                        "(on|for|from|in|here|now|today)\\b.{0,60})?\\W*$"},
    {FURNITURE_SIGN_UP, "(turn on|enable|allow|activate) (push |browser |desktop |mobile "
                        ")?(alerts|notifications)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP,
     "don't miss (out on )?(a (thing|story|beat)|the latest|our|any|out)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "your (local |daily |digital )?(news)?paper,? "
                        "(whenever|wherever|anytime|any time|every day|when)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "(click|tap) (here )?to (join|follow|subscribe to) (our|us)\\b.{0,120}$"},
    {FURNITURE_LOG_IN, "(you have|you've) (exhausted|used( up)?|read) (all )?(of "
                       ")?your\\b.{0,40}\\b(free|monthly|complimentary)\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "(continue|read|keep reading)\\b.{0,60}\\b(with "
                       "(an|a|your)\\b.{0,40}\\b(account|subscription|login)|introductory "
                       "(price|offer)\\b.{0,40})\\W*$"},
    {FURNITURE_LOG_IN, "subscribe( to .{1,30})?( now| today)? (from|for)( just| only| as little "
                       "as)? ?[$€£₹¥]\\W?\\d.{0,40}$"},
    {FURNITURE_LOG_IN,
     "(subscriber|premium|member)s?[ -]only (stories|content|article|articles|story)\\W*$"},
    {FURNITURE_SHARE,
     "join (our|the) (commenting forum|conversation|discussion|debate|community)\\W*$"},
    {FURNITURE_SHARE, "join (thought-provoking|the|our) "
                      "(conversations?|discussions?|debate)\\b.{0,100}\\b(readers|replies|comments|"
                      "reply)\\b.{0,40}$"},
    {FURNITURE_RELATED, "(recent|latest|top|more|trending|popular) (stories|headlines|news|videos) "
                        "(from|on|at) \\S+\\.\\w{2,}\\W*$"},
    {FURNITURE_PAGE,
     "(watch|stream|listen to) (.{1,20} )?(live|24/7)( and .{1,30})?( any ?time| now| here)?\\W*$"},
    {FURNITURE_PAGE, "(closed captioning|closed captions|contest rules|public inspection file|fcc "
                     "applications?|eeo report)( .{1,30})?\\W*$"},
    {FURNITURE_SHARE,
     "(corrections( and clarifications)?|submit a (news )?tip|report (an )?(error|typo)|send (us "
     ")?(a )?(news )?tips?|standards( and ethics)?|ethics policy)( ?[|·•] ?(corrections( and "
     "clarifications)?|submit a (news )?tip|report (an )?(error|typo)|send (us )?(a )?(news "
     ")?tips?|standards( and ethics)?|ethics policy)){1,4}\\W*$"},
    {FURNITURE_SIGN_UP,
     "(our |a )?(free|daily|weekly) (e-?mail )?(newsletter|briefing|e-?mail) ?[:|–—-] ?.{1,160}$"},
    {FURNITURE_LOG_IN, "subscribe to .{1,50} (for|and get|to get) "
                       "(unlimited|full|digital|complete|exclusive)\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "subscribe to .{1,40}\\b(today|now)\\b.{0,60}$"},
    {FURNITURE_COOKIES, "this (content|article|page|post|video) (may "
                        ")?(contains?|includes?|is)\\b.{0,60}\\b(embedded|hosted|provided|third[- "
                        "]part(y|ies)|posts? from|posts? by)\\b.{0,120}$"},
    {FURNITURE_COOKIES, "to (view|see|watch|show|load|display) "
                        "(it|this|the)\\b.{0,60}\\b(cookies|consent)\\b.{0,60}$"},
    {FURNITURE_COOKIES, "(accept|allow|agree|reject)( all)?( cookies)?( and|,|&)? "
                        "?(continue|proceed|close|view)( cookies)?\\W*$"},
    {FURNITURE_PAGE, "(oops|sorry|whoops)?\\W{0,2}(something went wrong|an error (has "
                     ")?occurred|that didn't work)\\b.{0,60}$"},
    {FURNITURE_PAGE, "please (try again|check your (connection|inbox|e-?mail))\\b.{0,40}$"},
    {FURNITURE_SHARE,
     "follow [\\w' .&-]{1,50} on " NETWORKS "((,| and| or|, and) " NETWORKS "){0,6}\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(the )?(story|article) continues( (below|after|underneath)\\b.{0,40})?\\W*$"},
    {FURNITURE_RELATED, "more on( this| the)?( story| topic| subject)?\\W*$"},
    {FURNITURE_COPYRIGHT, "(this (article|story) was )?(originally|first) (published|appeared) "
                          "(on|in|by|at) [^.!?]{1,40}(\\.\\w{2,})?( on .{4,30})?\\W*$"},
    {FURNITURE_LIKELY, "we (respect|value|care about|protect) your privacy\\b.{0,60}$"},
    {FURNITURE_SIGN_UP, "(sign up|subscribe|register) with your e-?mail( address)?\\b.{0,100}$"},
    {0, NULL}};
