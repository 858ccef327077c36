"""Single characters: what ASCII marks mean, and which command a Unicode character stands for."""

from derive.notation.commands.command import Command

ASCII = {
    "+": Command("add", "+"), "-": Command("add", "-"), "*": Command("mul", "*"), "/": Command("mul", "/"),
    "=": Command("rel", "="), "<": Command("rel", "<"), ">": Command("rel", ">"), "(": Command("open", "("),
    ")": Command("close", ")"), "[": Command("open", "["), "]": Command("close", "]"), "|": Command("bar", "|"),
    ",": Command("sep", ","), ";": Command("sep", ";"), ":": Command("sep", ":"),
    "!": Command("bang", "!"), ".": Command("stop", "."), "...": Command("ellipsis", "dots"), "~": Command("skip"),
}  # fmt: skip

_GREEK = (
    "αalpha βbeta γgamma δdelta εvarepsilon ϵepsilon ζzeta ηeta θtheta ϑvartheta ιiota κkappa λlambda μmu µmu νnu ξxi "
    "οomicron πpi ρrho ϱvarrho σsigma ςvarsigma τtau υupsilon φvarphi ϕphi χchi ψpsi ωomega ΓGamma ΔDelta ∆Delta "
    "ΘTheta ΛLambda ΞXi ΠPi ΣSigma ΥUpsilon ΦPhi ΨPsi ΩOmega ΑAlpha ΒBeta ΕEpsilon ΖZeta ΗEta ΙIota ΚKappa ΜMu ΝNu "
    "ΟOmicron ΡRho ΤTau ΧChi"
)
_SYMBOLS = (
    "∑sum ∏prod ∫int ∬iint ∭iiint ∮oint ⋃bigcup ⋂bigcap ≤le ≥ge ≦le ≧ge ⩽le ⩾ge ≠ne ≈approx ≡equiv ∝propto ∼sim ∈in "
    "∉notin ∋ni ⊂subset ⊆subseteq ⊃supset ⊇supseteq →to ⟶to ←leftarrow ↔leftrightarrow ⇒Rightarrow ⟹Rightarrow "
    "⇔Leftrightarrow ⟺Leftrightarrow ↦mapsto ≪ll ≫gg ⪯preceq ⪰succeq ≼preceq ≽succeq ⊥perp ≜triangleq ≔coloneqq "
    "∴therefore ∵because ≃simeq ≅cong ×times ·cdot ⋅cdot ∙cdot •cdot −minus –minus ÷div ±pm ∓mp ⊕oplus ⊗otimes ⊙odot "
    "∘circ ∗ast ∧wedge ∨vee ∪cup ∩cap ∖setminus ∞infty ∂partial ∇nabla ∅emptyset ℓell ℏhbar √surd ∀forall ∃exists "
    "…dots ⋯cdots ⋮vdots ⋱ddots ∣mid ‖Vert ⟨langle ⟩rangle 〈langle 〉rangle ⌊lfloor ⌋rfloor ⌈lceil ⌉rceil ′prime "
    "†dagger °degree ¬neg ⊤top ∥Vert ℝR ℕN ℤZ ℚQ ℂC"
)

UNICODE = {entry[0]: entry[1:] for entry in f"{_GREEK} {_SYMBOLS}".split()}
"""Characters that people type directly, each with the command it stands for (no backslash)."""

FULL_WIDTH = dict(zip("，。；：（）［］【】｛｝＝＋－＜＞｜、！／＊", ",.;:()[][]{}=+-<>|,!/*", strict=True))
"""Full-width marks, as typed between Chinese characters, with their ASCII marks."""

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ", "0123456789+-niT", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙₘₜ", "0123456789+-ijknmt", strict=True))
