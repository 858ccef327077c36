"""What prose says about the mathematics beside it: the phrases derive listens for, in English and Chinese."""

from __future__ import annotations

import re

# Words before a formula that make it a definition, a condition, or an equation to be solved.
DEFINING = re.compile(
    r"\b(let|define[ds]?|denote[ds]?|where|set|write|put|with|given by|definition|call(ed)?|introduc\w+|namely)\b"
    r"|令|记|设|其中|定义|记作|表示为",
    re.IGNORECASE,
)
# what stands between formulas that are listed together
JOINS = re.compile(r"[\s,;，、]*(and|as well as|以及|和|及|且)?\s*", re.IGNORECASE)
# words by which a definition may stand behind what it explains
EXPLAINS = re.compile(
    r"\b(where|let|denot\w+|defin\w+|here|stands? for|write|with)\b|令|记|设|其中|定义|表示", re.IGNORECASE
)
CONDITION = re.compile(
    r"\b(if|when|whenever|for|case|suppose|assume|assuming|provided|unless|since|while|where)\b|当|若|如果|假设|对于|情况|时",
    re.IGNORECASE,
)
# words by which a condition holds in its sentence only
PASSING = re.compile(r"\b(if|when|whenever)\b[^.;:,]*$|(当|若|如果)[^。；：，]*$", re.IGNORECASE)
# words right before an equation that is a reason
REASON = re.compile(r"\b(because|since|given( that)?|provided( that)?|assuming( that)?)\s*$|(因为|由于|假设)\s*$", re.I)
GIVEN = re.compile(
    r"\b(solve|solves|solving|equation[s]?|suppose|assume|assuming|if|such that|satisf\w+|subject to|constraint|"
    r"solution|consider|want|find|needs?|setting|equat\w+|unknown|require[sd]?|impose|condition|"
    r"hypothes[ie]s|model)\b|解|方程|假设|满足|约束|求|若|设|考虑",
    re.IGNORECASE,
)
# words before equations that are given side by side
SYSTEM = re.compile(
    r"\b(systems?|equations|conditions|constraints|subject to|(wish|want|try|need|have) to solve)\b"
    r"|方程组|条件|约束",
    re.IGNORECASE,
)
LETS = re.compile(r"\b(let|define|denote|set)( us)?\b[^.;]*$|(令|记|定义|设)[^。；]*$", re.IGNORECASE)
CONCLUDES = re.compile(
    r"\b(so|thus|hence|therefore|then|identity|expand\w*|gives?|get|simplif\w+|obtain|equals|indeed|follows|always)\b"
    r"|所以|因此|于是|得到|可得|即|从而|恒等|展开|化简",
    re.IGNORECASE,
)
# words that take a condition back: what follows is not assumed
TAKEN_BACK = re.compile(
    r"\b(not|never|no|unless|without|either|would|neither|cannot|can't|doesn't|don't|isn't|require[sd]?|were|whether|"
    r"unknown|sometimes|earlier|previously|fails?|wonder|defined (for|when|where|if))\b|\bor\s*$|^\s*is\s*$"
    r"|没有|除非|不|未|或|是否|有时",
    re.IGNORECASE,
)
# … behind it, up to the end of its sentence
WITHDRAWN = re.compile(
    r"^[^.。!！]*?(\?|？|\b(contradict\w*|absurd|impossible|drop(ped)?|not needed|extended|is unknown|similar|"
    r"analogous|likewise)\b|矛盾|类似)",
    re.IGNORECASE,
)
# words that begin a sentence by which a case is taken, so that the case before it is over
NEXT_CASE = re.compile(
    r"(\b(cases?|if|when|next|now|else|otherwise|second(ly)?|for)\b|当|若|如果|情况|情形)", re.IGNORECASE
)
ALTERNATIVE = re.compile(r"\s*(or|fails?|is false|does not|is not|doesn't|或|不成立)\b", re.IGNORECASE)
# words after which what was assumed before no longer holds
RESET = re.compile(
    r"\b(otherwise|in general|arbitrary|for (any|every|all)|in any case|generally|is any)\b"
    r"|否则|一般地|任意|对所有|对任意",
    re.IGNORECASE,
)
# words around a formula that the author does not stand behind, or that change what equality means
UNCLAIMED = re.compile(
    r"\b(wrong|mistake|mistaken|incorrect(ly)?|not true|untrue|false|fallacy|is it true|when does|does it hold|"
    r"not hold|doesn't hold|tempting|"
    r"modulo|mod|characteristic|finite field|neglect\w*|first order|leading order|ignor\w+|"
    r"approximat\w+|rounded|rounding|roughly|about|small|dropping|student|do(es)? not have|"
    r"would (imply|mean|follow|yield)|absurd|impossible|contradict\w*|rings?|residues?)\b"
    r"|\\mathbb\{F\}|错误|误|不成立|模|忽略|近似|四舍五入|荒谬|矛盾|同学写|很小|充分小",
    re.IGNORECASE,
)
# words in the sentence before an equation by which the document does not say that it holds
UNSAID = re.compile(
    r"\b(show|prove|proves|verify|check|establish|demonstrate|justify|claims?|conjecture|guess|hopes?|wonder|whether|if|"
    r"unless|would|could|might|were|contrary|contradict\w*|contradiction|absurd|impossible|not|never|cannot|can't|n't|"
    r"neither|student|think|thinks|believes?|hypothes[ie]s|null|alternative|approximat\w+|roughly|small|large|drop\w*|"
    r"try|trying|want|wish|goal|aim|should|must|need|needs|asks?|either|or|perhaps|maybe|seems?|one of|another \w+|"
    r"elsewhere|sometimes|usually|often|enough|suffic\w+)\b"
    r"|证明|验证|是否|猜|若|如果|假如|不|未|否|矛盾|近似|当.{0,12}时|或",
    re.IGNORECASE,
)
# … and what only looks like them
SHOWN = re.compile(
    r"\b((it|this|one|we|as|can|have|has|be|been|was|is|was) +)*(can show|have shown|can be shown|be shown|have proved|"
    r"have proven|can check|easily check|easily verify|shows) that\b|\bif and only if\b|\bor equivalently\b"
    r"|\bnot (only|surprising\w*)\b",
    re.IGNORECASE,
)
# how the text goes on behind an equation that it does not stand behind
DENIED = re.compile(
    r"[\s,;]*(which|this|it|that|is|are)?\s*(is|are|was|does|do|can|cannot|would)?\s*"
    r"(not|never|cannot|false|wrong|incorrect|absurd|impossible|a contradiction|fails?|contradicts?|untrue|\?)\b|\s*\?"
    r"|[\s，]*(这)?(不成立|矛盾|错误|是错|不对)",
    re.IGNORECASE,
)
# words in a formula by which its equations hold in a case only
IN_A_CASE = re.compile(
    r"\b(or|if|when|case|otherwise|either|unless|for(?! (all|any|every|each)\b)|oder|ou)\b|或|若|当|如果|否则",
    re.IGNORECASE,
)
# words between two places after which what was said before may not hold, or names mean something else
ELSEWHERE = re.compile(
    r"(?<!in this )(?<!in our )(?<!in that )\bcases?\b"
    r"|\b(otherwise|contradiction|contrary|alternatively|on the other hand|conversely|instead|in general|generally|"
    r"another (example|case|problem|way)|now (suppose|assume|consider|take)|forget|no longer|examples?|exercises?)\b"
    r"|\\begin\{(example|exercise|problem|question|definition|remark|theorem|lemma|proposition|corollary)\*?\}"
    r"|\\end\{(example|exercise|problem|question|proof)\*?\}"
    r"|^#{1,6} |\\(sub)*section\b|情况|否则|另一方面|反之|一般地|矛盾|(?<!比)例(?!如)",
    re.IGNORECASE | re.MULTILINE,
)
SUPPOSES = re.compile(r"\b(let|suppose|assume|consider|where|define[ds]?|denote[ds]?)\b|设|令|假设|其中|考虑|记", re.I)
# words before an equation in the text that make it a place or a value in passing: "at $x = 1$"
PLACES = re.compile(
    r"(\b(at|for|around|near|points?|when|with|as|if|of|on|to|case|than|by|whether|from|value|range)|在|对于?|当|点)\s*$",
    re.IGNORECASE,
)
# words behind an equation that say for what it holds
RESTRICTS = re.compile(
    r"[\s,;]*(for|if|when|whenever|provided|unless|on|only|in the|near|at)\b|\s*(当|若|对)", re.IGNORECASE
)
ALL = re.compile(r"\b(all|any|every|each)\s*$|任意|所有", re.IGNORECASE)
THEN = re.compile(r"\b(then|we have|it holds|satisf\w+|equals?|is given by|can be)\b|那么|则|有|成立", re.IGNORECASE)
# properties of names that are said in words and that no condition states
PROPERTY = re.compile(
    r"\b(positive|non-?negative|negative|(even|odd)(?=\s*(functions?|numbers?|integers?|terms?|powers?|permutations?|"
    r"extensions?|periodic\w*|degrees?|orders?|parts?|multiples?|and|or|then|respectively|[b-zB-HJ-Z]\b|[,.;:)]|$))|binary|integers?|"
    r"whole|natural|indicator|standard deviation|variance|probabilit\w+|lengths?|distances?|radius|radii|polar|"
    r"cylindrical|spherical|sorted|unit|normali[sz]ed|orthogonal|number of|idempotent|projections?|projectors?|"
    r"involut\w+|nilpotent|roots?)\b|正|非负|负|偶|奇|整数|二元|概率|标准差|长度|半径|极坐标|个数|幂等|根",
    re.IGNORECASE,
)
LAPLACE = re.compile(r"\b(inverse )?Laplace transforms?\b|拉普拉斯变换", re.IGNORECASE)
TRANSFORM = re.compile(r"\b(Fourier|inverse) transforms?\b|傅里叶变换", re.IGNORECASE)
COMPLEX = re.compile(r"\bcomplex\b|\bwave ?function|\bamplitudes?\b|复数|波函数", re.IGNORECASE)
NONCOMMUTING = re.compile(
    r"\b(matri\w+|operators?|groups?|rings?|permutations?|quaternions?|commut\w+|pauli|invertible|determinants?|"
    r"linear maps?|cross product|algebras?)\b|矩阵|算子|算符|群|环|置换|四元数|对易|可逆|行列式",
    re.IGNORECASE,
)
CASES = re.compile(
    r"\b(case[s]?|when|if|for|otherwise|target|diagonal|off-diagonal|either|same|different)\b"
    r"|一种|另一种|情况|分类讨论|当|若|目标项|否则|相等|不等|时",
    re.IGNORECASE,
)
ONE_HOT = re.compile(
    r"one-?\s?hot|only (the )?(target|true|correct|one)[^.;]{0,60}\b(is|equals?|are)\s+(1|one)\b|独热"
    r"|(只有|仅有|仅)[^。；]{0,12}(为|是|等于)\s*1|目标项为\s*1",
    re.IGNORECASE,
)
SIGMOID = re.compile(r"\bsigmoid\b|\blogistic function\b|sigmoid|S\s*型函数|逻辑函数", re.IGNORECASE)
MATRIX_BEFORE = re.compile(
    r"\b(matrix|matrices|vectors?|tensors?|operators?|linear maps?)\s*$|(矩阵|方阵|向量|张量|算子)\s*$", re.IGNORECASE
)
MATRIX_AFTER = re.compile(
    r"^\s*(is|are|be|being|denotes?|as)\b((?!\b(is|are|and|where|with|of)\b)[^.;,]){0,40}?"
    r"\b(matrix|matrices|vectors?|tensors?|(linear )?operators?|linear maps?)\b"
    r"|^\s*(是|为|表示)?[^。；，]{0,16}?(矩阵|方阵|向量|张量|算子)",
    re.IGNORECASE,
)
# properties of vectors and matrices that are said in words
ARRAY_PROPERTY = re.compile(
    r"\b(commut\w+|orthonormal\w*|orthogonal\w*|rotations?|reflections?|perpendicular|parallel|symmetric|skew\w*|anti-?symmetric|hermitian|"
    r"unitary|normali[sz]ed|unit (vectors?|norm|length)|idempotent|projections?|diagonal|triangular|nilpotent|"
    r"involut\w+|singular|rank|stochastic|permutation matri\w+|centered|whitened|uncorrelated|independent|"
    r"eigen\w+|basis|bases|linearly|proportional|spans?|null ?space|kernel of)\b"
    r"|正交|垂直|平行|对称|可交换|单位向量|归一|幂等|对角|三角|特征|线性",
    re.IGNORECASE,
)
RECURRENCE = re.compile(
    r"recurren\w+|recursi\w+|difference equation|\b(Fibonacci|Bernoulli|Catalan|Stirling|Lucas|Bell|Legendre|Hermite"
    r"|Chebyshev|Laguerre|Bessel)\b|递推|递归|斐波那契",
    re.IGNORECASE,
)
"""What is said of the members of a family as a whole, in words."""
MODULAR = re.compile(
    r"\bmod(ulo|ular)?\b|\belliptic curves?\b|\bfinite fields?\b|\bGF\b|\bbinary\b|\bcode ?words?\b|\bXOR\b"
    r"|\\[pb]?mod\b|\\oplus|\\mathbb\s*\{?\s*F|\\mathbb\s*\{?\s*Z\s*\}?\s*(_|/)|模|椭圆曲线|有限域",
    re.IGNORECASE,
)
"""Where lists of numbers may be added by another law than that of vectors."""
QUBITS = re.compile(r"\bqu-?bits?\b|quantum (gates?|circuits?|comput\w+)|量子(比特|门|计算)", re.IGNORECASE)
ARRAYS_AFTER = re.compile(r"^\s*((\w+\s+){0,2}matrices\b|矩阵|(?P<vector>(\w+\s+){0,2}vectors\b|向量))", re.IGNORECASE)
VECTOR_AFTER = re.compile(
    r"^\s*(is|are|be|being|denotes?|as)\b((?!\b(is|are|and|where|with|of)\b)[^.;,]){0,40}?\b(column )?vectors?\b"
    r"|^\s*(是|为)?[^。；，]{0,8}?向量",
    re.IGNORECASE,
)
LET = re.compile(r"\b(let|suppose|consider|given|assume)\b[^.]*$|(令|设|考虑|给定)[^。]*$", re.IGNORECASE)
EINSTEIN = re.compile(
    r"\bEinstein'?s? (notation|summation|convention)|repeated ind(ex|ices)|爱因斯坦(求和|记)", re.IGNORECASE
)
MATRIX_NOUN = re.compile(r"\s*(?:(?:(?!and\b|or\b)[\w-]+)\s+){0,3}(?:matri(?:x|ces)|矩阵)", re.IGNORECASE)
IS_A = re.compile(
    r"\b(?:be|is|are|being)\s+(?:an?|the|some|any|both)?\s*(?:real)?\s*$|(?:是|为)(?:一个)?\s*$", re.IGNORECASE
)
ARRAY_BEFORE = re.compile(r"(?:(?:matrix|matrices)|矩阵|方阵|(?P<vector>(?:column )?vectors?|向量))\s*$", re.IGNORECASE)
# sets whose elements are matrices or operators, as LaTeX writes them
MATRIX_SET = re.compile(
    r"^\\?(mathcal\{L\}|mathcal\{B\}|mathrm\{(Mat|GL|SL|SO|SU)\}|operatorname\{(Mat|GL|SL|SO|SU|End|Hom)\}|M_|GL|SL|SO|SU"
    r"|Mat|mathbb\{S\}|mathbf\{S\}|mathcal\{M\})"
)


def mentions_case(text: str) -> bool:
    """Whether prose before a derivation speaks of a case."""
    return CASES.search(text) is not None


def single_letters(text: str) -> set[str]:
    """Latin letters that stand alone in prose: names written without mathematics ("所有可能的y中"); not the English
    words of one letter."""
    return set(re.findall(r"(?<![A-Za-z\\$'’])([A-Za-z])(?![A-Za-z'’])", text)) - {"a", "A", "I"}
