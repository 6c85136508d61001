// SPDX-License-Identifier: Apache-2.0
//
// Polish, Czech, Russian, Ukrainian, Turkish, Greek, Japanese, Chinese and Korean furniture: the
// sign-up box, its consent sentence, links to other stories, advertisements. See
// furniture_patterns.h.
#include "exchange/furniture_patterns.h"

const FurniturePattern FURNITURE_FURTHER[] = {
    // ---- Polish
    {FURNITURE_SIGN_UP, "(zapisz|zapisz się|zarejestruj "
                        "się|subskrybuj|dołącz|zaprenumeruj)\\b.{0,120}\\b(newsletter\\w*|"
                        "biuletyn\\w*|kanał\\w*|powiadomie\\w*)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP,
     ".{0,120}\\b(w|na|do) (twojej|twoją|swojej|swoją) (skrzynce|skrzynkę|mailowej).{0,40}$"},
    {FURNITURE_SIGN_UP,
     "(newsletter|podaj (swój )?(adres )?e-?mail|twój (adres )?e-?mail|zapisz się)\\W*$"},
    {FURNITURE_CONSENT,
     "(zapisując|rejestrując|klikając|kontynuując|podając|przechodząc)\\b.{0,120}\\b(akceptujesz|"
     "zgadzasz|wyrażasz|potwierdzasz|akceptuję|wyrażam)\\b.{0,160}$"},
    {FURNITURE_CONSENT, "(akceptuję|zapoznał[ea]m się|wyrażam zgodę)\\b.{0,160}$"},
    {FURNITURE_RELATED, "(czytaj|zobacz|przeczytaj|sprawdź|obejrzyj) "
                        "(też|także|również|więcej)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_ADVERTISEMENT, "(reklama|materiał (sponsorowany|promocyjny)|dalszy ciąg "
                              "(materiału|artykułu) pod (wideo|reklamą))\\W*$"},
    {FURNITURE_SHARE,
     "(udostępnij|podziel się|skopiuj link|skomentuj|komentarze|drukuj)( .{0,30})?\\W*$"},
    {FURNITURE_LOG_IN, "(zaloguj się|masz już (konto|subskrypcję)|artykuł tylko dla "
                       "(prenumeratorów|subskrybentów))\\b.{0,60}$"},
    {FURNITURE_COPYRIGHT, ".{0,60}\\bwszelkie prawa zastrzeżone\\b.{0,60}$"},
    // ---- Czech, Slovak
    {FURNITURE_SIGN_UP,
     "(přihlaste se|přihlásit se|odebírejte|prihláste "
     "sa|odoberajte)\\b.{0,100}\\b(newsletter\\w*|zpravodaj\\w*|novin\\w*)\\b.{0,60}$"},
    {FURNITURE_CONSENT, "(přihlášením|odesláním|pokračováním|kliknutím|prihlásením|odoslaním)\\b.{"
                        "0,120}\\b(souhlasíte|souhlasím|súhlasíte)\\b.{0,160}$"},
    {FURNITURE_RELATED, "(čtěte (také|též|více)|čítajte (tiež|viac)|mohlo by vás zajímat|přečtěte "
                        "si)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_ADVERTISEMENT, "(reklama|inzerce|inzercia)\\W*$"},
    // ---- Russian
    {FURNITURE_SIGN_UP,
     "(подпишитесь|подписывайтесь|подписаться|оформите подписку)( на| в)? "
     "?.{0,120}(рассылк\\w*|канал\\w*|новост\\w*|telegram|телеграм\\w*|почт\\w*)?\\W*$"},
    {FURNITURE_SIGN_UP, "(получайте|узнавайте|читайте) .{0,120}(на (вашу |свою )?(электронную "
                        ")?почту|в telegram|в телеграме?|в рассылке)\\W*$"},
    {FURNITURE_SIGN_UP, "(введите|укажите|ваш) .{0,12}(e-?mail|адрес|почту|электронн\\w*).{0,40}$"},
    {FURNITURE_CONSENT,
     "(нажимая|подписываясь|регистрируясь|продолжая|оставляя|отправляя)\\b.{0,140}(соглашаетесь|"
     "принимаете|даете согласие|даёте согласие|подтверждаете|соглашаюсь).{0,160}$"},
    {FURNITURE_RELATED, "(читайте (также|ещё|еще|подробнее)|смотрите также|по теме|материалы по "
                        "теме|подробнее)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_ADVERTISEMENT, "(реклама|на правах рекламы|продолжение после рекламы)\\W*$"},
    {FURNITURE_SHARE,
     "(поделиться|поделитесь|скопировать ссылку|комментарии|комментировать)( .{0,30})?\\W*$"},
    {FURNITURE_COPYRIGHT, ".{0,60}все права защищены.{0,60}$"},
    // ---- Ukrainian
    {FURNITURE_SIGN_UP, "(підпишіться|підписуйтесь|підписатися|підписуйтеся)\\b.{0,140}$"},
    {FURNITURE_CONSENT, "(натискаючи|підписуючись|реєструючись|продовжуючи)\\b.{0,140}("
                        "погоджуєтесь|погоджуєтеся|приймаєте|даєте згоду).{0,160}$"},
    {FURNITURE_RELATED, "(читайте (також|ще)|дивіться також|за темою)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    // ---- Turkish
    {FURNITURE_SIGN_UP, "(.{0,60}\\b)?(bültenimize|e-?bültenimize|bültene|kanalımıza) "
                        ".{0,30}(abone olun|kaydolun|üye olun|katılın)\\W*$"},
    {FURNITURE_CONSENT, ".{0,60}\\b(kaydolarak|abone olarak|üye olarak|devam "
                        "ederek|tıklayarak)\\b.{0,120}(kabul|onayl)\\w*.{0,60}$"},
    {FURNITURE_RELATED, "(ayrıca okuyun|ilgili haberler?|devamını oku|bunlar da ilginizi "
                        "çekebilir)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_ADVERTISEMENT, "(reklam|ilan)\\W*$"},
    // ---- Greek
    {FURNITURE_SIGN_UP,
     "(εγγραφείτε|γραφτείτε|κάντε εγγραφή)\\b.{0,120}(newsletter|ενημερωτικό|δελτίο).{0,60}$"},
    {FURNITURE_CONSENT, "(με την εγγραφή|συνεχίζοντας|πατώντας|κάνοντας "
                        "κλικ)\\b.{0,120}(αποδέχεστε|συμφωνείτε).{0,160}$"},
    {FURNITURE_RELATED,
     "(διαβάστε (επίσης|ακόμη|περισσότερα)|δείτε επίσης)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_ADVERTISEMENT, "διαφήμιση\\W*$"},
    // ---- Japanese
    {FURNITURE_SIGN_UP, ".{0,60}(ニュースレター|メールマガジン|メルマガ|メール会員).{0,30}(登録|"
                        "購読|申し?込).{0,20}$"},
    {FURNITURE_SIGN_UP, ".{0,80}(メールで|受信箱に|メールボックスに)(お届け|配信|受け取).{0,20}$"},
    {FURNITURE_CONSENT, ".{0,60}(登録|続行|送信|クリック|利用)(する|いただく)?(ことで|すると|"
                        "により|した場合).{0,60}(同意|承諾).{0,40}$"},
    {FURNITURE_CONSENT, "(利用規約|プライバシーポリシー|個人情報保護方針)(と|および|及び|・|、)?("
                        "利用規約|プライバシーポリシー)?.{0,20}$"},
    {FURNITURE_RELATED, "(関連記事|関連ニュース|あわせて読みたい|あわせて読む|おすすめ記事|"
                        "続きを読む|アクセスランキング|人気記事)([:：].{1,80})?\\W*$"},
    {FURNITURE_ADVERTISEMENT, "(広告|スポンサーリンク|\\[?pr\\]?)\\W*$"},
    {FURNITURE_LOG_IN,
     "(この記事は(有料)?会員限定|残り\\d+文字|有料会員になると|会員登録|ログイン).{0,60}$"},
    {FURNITURE_SHARE,
     "(シェア|ツイート|共有|印刷|リンクをコピー|コメントを(書く|読む))(する)?\\W*$"},
    {FURNITURE_COPYRIGHT, ".{0,60}(無断転載|無断複製|全著作権所有).{0,60}$"},
    // ---- Chinese
    {FURNITURE_SIGN_UP,
     ".{0,20}(订阅|訂閱|注册|註冊|加入|关注|關注)(我们|我們|本报|本報)?的?.{0,20}(通讯|通訊|简报|"
     "簡報|电子报|電子報|新闻信|公众号|頻道|频道|邮件|郵件).{0,40}$"},
    {FURNITURE_CONSENT, ".{0,40}(继续|繼續|注册|註冊|订阅|訂閱|点击|點擊).{0,30}(即表示|代表|表示|"
                        "视为|視為).{0,10}同意.{0,60}$"},
    {FURNITURE_RELATED, "(相关阅读|相關閱讀|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|更多新闻|更多新聞|"
                        "相关新闻|相關新聞|热门文章|熱門文章)([:：].{1,80})?\\W*$"},
    {FURNITURE_ADVERTISEMENT, "(广告|廣告|赞助内容|贊助內容)\\W*$"},
    {FURNITURE_SHARE, "(分享(到.{1,20}|文章)?|复制链接|複製連結|打印|列印|评论|留言)\\W*$"},
    {FURNITURE_COPYRIGHT, ".{0,60}(版权所有|版權所有|未经授权|未經授權).{0,60}$"},
    // ---- Korean
    {FURNITURE_SIGN_UP,
     ".{0,60}(뉴스레터|이메일|구독).{0,30}(구독하|신청하|등록하|받아보).{0,20}$"},
    {FURNITURE_CONSENT, ".{0,60}(가입|구독|계속|등록).{0,30}(동의하는|동의합니다|동의한).{0,40}$"},
    {FURNITURE_RELATED, "(관련 ?기사|관련 ?뉴스|많이 본 뉴스|추천 ?기사)([:：].{1,80})?\\W*$"},
    {FURNITURE_ADVERTISEMENT, "(광고|협찬)\\W*$"},
    {FURNITURE_COPYRIGHT, ".{0,60}무단 ?(전재|복제).{0,60}$"},
    {0, NULL}};
