"""The keys that tell by how they begin whose they are. A table of patterns.

Sources: the vendors' own pages on their formats, and the formats that GitHub's secret scanning
lists. Imports nothing of Parley.
"""

import re

_PATTERNS = r"""
    sk-ant-[\w-]{20,} sk-(?:proj|svcacct|admin|or-v1|lf)-[\w-]{16,} sk-[A-Za-z0-9]{20,}
    [sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,} whsec_[A-Za-z0-9+/=]{16,}
    rzp_(?:live|test)_[A-Za-z0-9]{14,} sq0(?:atp|csp|idp)-[\w-]{20,} EAAA[\w-]{40,}
    access_token\$(?:production|sandbox)\$\w+\$[0-9a-f]{32} shp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,}
    gh[pousr]_[A-Za-z0-9]{20,} github_pat_\w{22,} CFPAT-[\w-]{30,}
    gl(?:pat|dt|rt|ptt|soat|agent|cbt|ft|imt|oas|ffct)-[\w-]{16,} bkua_[0-9a-f]{30,}
    ATATT3[\w=-]{20,} ATCTT3[\w=-]{20,} ATBB[A-Za-z0-9]{24,}
    xox[abeoprs]-[\w-]{10,} xapp-\d-[\w-]{10,} hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{16,}
    (?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks/\d{15,20}/[\w-]{40,}
    (?:[a-zA-Z0-9]{3}\.)?[MN][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38} \d{8,10}:AA[\w-]{32,34}
    (?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16} amzn\.mws\.[0-9a-f-]{36} ABSK[A-Za-z0-9+/=]{100,}
    AIza[\w-]{30,} ya29\.[\w-]{20,} GOCSPX-[\w-]{20,} 1//0[\w-]{30,} AQ\.[\w-]{30,}
    SG\.[\w-]{16,}\.[\w-]{20,} key-[0-9a-f]{32} (?:AC|SK)[0-9a-f]{32} xkeysib-[0-9a-f]{40,}-\w{10,}
    [0-9a-f]{32}-us\d{1,2} re_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,} PMAK-[0-9a-f]{24}-[0-9a-f]{20,}
    npm_[A-Za-z0-9]{30,} pypi-[\w-]{30,} rubygems_[0-9a-f]{30,} dckr_(?:pat|oat)_[\w-]{16,}
    oy2[a-z0-9]{43} cio[A-Za-z0-9]{32}
    do[opr]_v1_[0-9a-f]{32,} hf_[A-Za-z0-9]{20,} hv[sbr]\.[\w-]{20,} dapi[0-9a-f]{32}
    lin_(?:api|oauth)_[A-Za-z0-9]{20,} fig[dor]_[\w-]{20,} secret_[A-Za-z0-9]{40,}
    ntn_[A-Za-z0-9]{30,} pat[A-Za-z0-9]{14}\.[0-9a-f]{40,} nvapi-[\w-]{20,} gsk_[A-Za-z0-9]{20,}
    xai-[A-Za-z0-9]{20,}
    r8_[A-Za-z0-9]{20,} pplx-[A-Za-z0-9]{20,} tvly-[\w-]{16,} jina_\w{30,} e2b_\w{30,}
    fw_[A-Za-z0-9]{20,} sntry[su]_[\w+/=-]{20,} gl(?:sa|c)_[\w+/=-]{20,} NRAK-[A-Z0-9]{20,}
    NRII-[\w-]{20,}
    ph[cx]_[A-Za-z0-9]{30,} pul-[0-9a-f]{30,} tskey-[\w-]{20,} AGE-SECRET-KEY-1[A-Z0-9]{40,}
    sbp_[0-9a-f]{30,} sb_secret_[\w-]{16,} pscale_(?:pw|tkn|oauth)_[\w-]{20,} vercel_[\w-]{20,}
    fo1_[\w-]{20,} FlyV1\ [\w+/=,-]{20,} dp\.(?:pt|st|sa|ct|scim|audit)\.[\w.]{20,} ops_[\w-]{60,}
    \$2[aby]\$\d\d\$[./A-Za-z0-9]{53} \$[156y]\$[^\s:$]{1,20}\$[./A-Za-z0-9]{20,}
    eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,} eyJ[\w-]{10,}\.[\w-]*\.[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}
"""
_ANY = "|".join(re.split(r"(?<!\\)\s+", _PATTERNS.strip()))
PREFIXED = re.compile(rf"(?<![\w-])(?:{_ANY})(?![\w-])")
# Nothing shorter is a key, and few words are as long: only in these is one looked for.
LONG_WORD = re.compile(r"[^\s\"'`,;()<>{}|]{16,}")
