"""Words typical of spam, by trade: patterns over lower-case text without tricks."""

from __future__ import annotations

PHRASES = {
    "gambling": (
        r"casinos?|bet(?:ting)? (?:sites?|tips|odds|bonus\w*|online)|sportsbook|jackpots?|free spins|"
        r"slots? (?:online|games?|machines?)|slot ?gacor|togel|poker (?:online|bonus\w*|rooms?)|gambling|bookmakers?|"
        r"roulette|baccarat|satta|lotto|lottery"
    ),
    "medicine": (
        r"viagra|cialis|levitra|tramadol|xanax|adderall|oxycodone|ambien|modafinil|pharmacy|"
        r"without (?:a )?prescription|no prescription|pills?|weight loss|keto (?:gumm\w+|diet|pills?)|gummies|"
        r"cbd (?:oil|gumm\w+)|testosterone|male enhancement|erectile|fat burn\w*|slim(?:ming)? (?:tea|pills?)|"
        r"anti[- ]?aging|detox|steroids"
    ),
    "promotion": (
        r"seo (?:services?|agency|expert|packages?|company)|backlinks?|guest posts?|link building|page one of google|"
        r"rank(?:ing)? (?:your|on|#?1|first|higher)|domain authority|digital marketing|"
        r"web(?:site)? (?:traffic|design (?:company|services?|agency))|social media (?:growth|marketing)|"
        r"buy (?:\w+ )?(?:followers|likes|subscribers|views|reviews)|"
        r"(?:instagram|tiktok|youtube) (?:followers|likes|views|subscribers)|google reviews|bulk (?:sms|email)|"
        r"email lists?|affiliate"
    ),
    "money": (
        r"earn(?:ing)? (?:up to |over |extra )?(?:[$€£]|\d|money|cash|income|online|from home)|make money|"
        r"passive income|work(?:ing)? from home|financial freedom|get rich|quick cash|"
        r"investment (?:plans?|platforms?|opportunit\w+|returns?)|"
        r"guaranteed (?:returns?|profits?|income|approval|results?)|double your|"
        r"(?:daily|weekly) (?:profits?|payouts?|returns?|income)|forex|binary options?|"
        r"trading (?:signals?|bots?|platforms?|mentor)|payday loans?|"
        r"(?:instant|fast|personal|business|quick|urgent) loans?|loan offers?|bad credit|credit repair|side hustle|"
        r"inheritance|beneficiary|million (?:dollars|usd|euros)|atm cards?|western union"
    ),
    "crypto": (
        r"bitcoins?|crypto(?:currenc\w+)?|airdrops?|presale|token sale|nfts?|usdt|ethereum|wallet recovery|"
        r"recover (?:your |my |lost |stolen )+\w*|lost funds|seed phrase|"
        r"(?:100|10|1000)x (?:gains?|returns?|profits?|coin)|pump signals?|whitelist spots?"
    ),
    "adult": (
        r"escorts?|call girls?|sexy?|porn\w*|xxx|nudes?|onlyfans|hook ?ups?|adult (?:dating|videos?|content)|"
        r"hot (?:girls|singles|women)|singles in your area|camgirls?|massage service|dating (?:sites?|apps?)|"
        r"meet (?:local|hot|lonely) (?:girls|women|singles)"
    ),
    "writing": (
        r"(?:essay|assignment|dissertation|thesis|homework|coursework|paper) (?:writing|help|writers?|services?|"
        r"experts?)|write my (?:essay|paper|thesis)|plagiarism[- ]free|do my (?:homework|assignment|exam)|"
        r"take my (?:exam|class)|exam dumps?|(?:certification )?dumps? pdf"
    ),
    "support line": (
        r"(?:customer|tech(?:nical)?|helpdesk) (?:support|care|service) (?:phone )?(?:number|line|helpline)|"
        r"toll[- ]?free|helpline|(?:support|contact|phone|service) number|call (?:us )?(?:now|today|anytime)|"
        r"24[x/]7 (?:support|service|available)|"
        r"(?:quickbooks|norton|mcafee|antivirus|printer|airlines?|coinbase|binance|cash ?app|paypal|facebook|gmail|"
        r"outlook) (?:customer|support|helpline|refund|login issue)"
    ),
    "piracy": (
        r"(?:watch|stream|download)(?:ing)? (?:\w+ ){0,4}(?:free|full movie|online free|hd|4k)|full movie|"
        r"free (?:movies?|streaming|download)|crack(?:ed)? (?:version|software|download)|keygen|serial keys?|"
        r"license keys?|activation keys?|warez|torrents?|iptv|mod apk|free robux|v-?bucks|gift cards?|"
        r"hack(?:ed)? (?:tool|apk|account)"
    ),
    "goods": (
        r"replica|rolex|louis vuitton|designer (?:bags?|handbags?|shoes)|"
        r"cheap (?:\w+ )?(?:\w+ )?(?:online|for sale|price\w*)|wholesale|best price\w*|lowest price\w*|"
        r"(?:\d+|huge|big|massive|up to \d+) ?% ?(?:off|discount|sale)|% off|discount codes?|coupons?|promo codes?|"
        r"free shipping|buy (?:now|online|cheap|one get)|order (?:now|today)|for sale|limited (?:time|offer|stock)|"
        r"clearance|factory direct|vapes?|sneakers|jerseys|movers|packers|plumb(?:er|ing) services?|carpet cleaning|"
        r"real estate|property (?:dealers?|for sale)|interior design|tour packages?|taxi service|hotel booking"
    ),
    "magic": (
        r"love spells?|spell casters?|vashikaran|astrolog\w+|black magic|voodoo|psychic|"
        r"(?:lost|ex)[- ]?(?:lover|love) back|bring back (?:your|my) ex|illuminati|herbal (?:cure|doctor|remedy)|"
        r"dr\.? \w+ (?:cured|helped|herbal)"
    ),
    "papers": (
        r"(?:fake|real|registered|buy|original) (?:\w+ )?(?:passports?|driv\w+ licen[sc]es?|ielts|diplomas?|"
        r"degrees?|certificates?|documents?|ids?)|ssn|cvv|cloned? cards?|counterfeit|hire a hackers?|"
        r"hackers? for hire|hacking services?|spy (?:app|on)|undetectable"
    ),
    "contact": (
        r"whats ?app|telegram|t\.me|wa\.me|dm me|inbox me|text me|e?mail (?:me|us) (?:at|on)|"
        r"reach (?:me|us|him|her|out) (?:on|at|via|to)|contact (?:us|me|him|her)\b|skype|add me on|signal group"
    ),
    "calls": (
        r"click (?:here|the link|this link|below)|visit (?:our|my|the|us)|"
        r"check (?:out )?(?:my|our) (?:website|site|page|profile|blog|channel|store|shop|link)|"
        r"sign up (?:now|today|free|here)|join (?:now|today|our|us)|subscribe to (?:my|our)|link in (?:my )?bio|"
        r"don'?t miss|act (?:now|fast)|hurry|act today|grab (?:it|yours|your)|claim (?:your|now|it)|"
        r"100% (?:free|guaranteed|safe|legit|working|genuine|satisfaction|money)|risk[- ]free|"
        r"no (?:risk|experience needed|credit check|deposit)|satisfaction guaranteed|"
        r"best (?:\w+ )?(?:services?|company|agency|deals?|offers?|provider)|"
        r"trusted (?:provider|seller|agency|company)|we (?:offer|provide|specialize)|"
        r"our (?:services|team of experts|company|products|agency)|you (?:have )?(?:won|been selected)|"
        r"congratulations you|special offer|exclusive (?:offer|deal)|great article|nice post|amazing blog|"
        r"thanks for sharing"
    ),
}
WEAK = frozenset({"calls", "contact"})  # polite people say these too: worth half
