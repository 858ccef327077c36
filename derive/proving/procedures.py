"""The procedures a proof may name beside the rules of the book: what no single equation states."""

from __future__ import annotations

PROCEDURES: dict[str, str] = {
    "identical": "Both sides are the same expression, up to the names of bound variables.",
    "normal-form": "Both sides have the same normal form: a quotient of polynomials over what is not field arithmetic.",
    "sign": "The difference of both sides, in normal form, has one sign: a sum of terms, squares or a quadratic form.",
    "ratio": "The quotient of both sides, in normal form, does not hold the variables.",
    "definition": "A definition of the document is put in place of what it defines.",
    "given-equality": "A name is replaced by what the document says it equals.",
    "given-equation": "An equation of the document eliminates a term that stands linearly in it.",
    "cases-of-delta": "Indices are equal or different; both cases are proved.",
    "cases-of-condition": "A condition holds or fails; both cases are proved.",
    "fundamental-theorem": "A definite integral is the difference of an antiderivative, confirmed by differentiation.",
    "antiderivative": "Indefinite integrals are equal where their derivatives are: up to a constant.",
    "euler": "The exponential of an imaginary number is cosine and i times sine (DLMF 4.14.1).",
    "cases-by-indicators": "A case distinction is the sum of its values, each times the indicator of its case.",
    "extremum-by-magnitude": "max(a, b) is (a + b + |a - b|)/2, min(a, b) is (a + b - |a - b|)/2.",
    "move-variable": "The variable of an integral is moved or reflected, and its bounds with it.",
    "rearrange": "A part is put in another form, which has the same normal form.",
    "limit-by-continuity": "What is infinitely small near the point of a limit is dropped (Robinson, 3.3).",
    "limit-by-growth": "At infinity, a term that grows more slowly than the denominator is dropped.",
    "sum-of-powers": "Powers of the index are summed with Bernoulli's polynomials (Concrete Mathematics, 6.78).",
    "combination": "Known equations, each times a factor, add up to the conclusion; inequalities too, if no factor is "
    "negative.",
    "multiplied": "An equation between matrices, multiplied by a matrix and a number, gives the conclusion.",
    "substitution": "A name is replaced by what an equation before says it equals.",
    "logarithm-of-both-sides": "Equal positive sides have equal logarithms; the logarithm keeps order.",
    "exponential-of-both-sides": "Equal sides have equal exponentials; the exponential keeps order.",
    "power-of-both-sides": "Equal sides have equal powers and roots, where these have a value.",
    "sine-of-both-sides": "Equal sides have equal sines.",
    "cosine-of-both-sides": "Equal sides have equal cosines.",
    "tangent-of-both-sides": "Equal sides have equal tangents, where these have a value.",
}
