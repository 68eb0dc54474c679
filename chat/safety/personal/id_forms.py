"""The forms of the numbers that states give to people. A table.

A row has a country, what checks the number (`own:` is a function of `own_checks`, everything else a
module of python-stdnum), what is needed beside it, and its shapes: `9` is a digit, `A` a letter.
`nothing`; `bare`: no word just there that says something else; `plain`: none close by; `said`: a
word that says what it is; `named`: that, and just there, since nothing but the word tells.
Imports nothing of Parley.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """How the numbers of one kind are written, what checks them, and what is needed beside them."""

    country: str
    check: str
    needs: str
    shapes: tuple[str, ...]


_TABLE = """\
us us.ssn bare  999-99-9999
us us.ssn said  999.99.9999 | 999999999 | 999 99 9999
us own:ssn said  999-99-9999 | 999999999 | 999 99 9999 | 999.99.9999
us us.itin bare  999-99-9999
us us.itin said  999999999 | 999 99 9999
us own:atin said  999-99-9999
gb own:nino nothing  AA999999A | AA 99 99 99 A | AA-99-99-99-A | AA 999999 A | AA99 9999 A
gb own:nino nothing  AA 99 9999 A | AA-999999-A | AA.99.99.99.A | AA 99 99 99A | AA999999 A
gb own:nino_said said  AA999999A | AA 99 99 99 A | AA 999999 A | AA-99-99-99-A
gb gb.nhs said  9999999999 | 999 999 9999 | 999-999-9999
gb gb.utr said  9999999999 | 99999 99999
ca ca.sin said  999999999 | 999 999 999 | 999-999-999
ca own:sin said  999999999 | 999 999 999 | 999-999-999
ca ca.bc_phn said  9999999999 | 9999 999 999 | 9999-999-999
au au.tfn said  999999999 | 99999999 | 999 999 999 | 999-999-999
au own:medicare said  9999999999 | 9999 99999 9 | 9999-99999-9 | 99999999999
au own:medicare said  9999 99999 9 9 | 9999 99999 9/9 | 9999-99999-9-9
nz nz.ird said  99999999 | 999999999 | 99-999-999 | 999-999-999 | 99 999 999 | 999 999 999
ie ie.pps bare  9999999A | 9999999AA
ie ie.pps said  9999999 A | 9999999 AA | 999 9999A | 999 9999 A | 9999999-A
de de.idnr plain  99999999999 | 99 999 999 999 | 99/999/999/999
de de.idnr said  99 999 999999 | 999 999 999 99 | 99-999-999-999 | 99.999.999.999
de own:rentenversicherung nothing  99999999A999 | 99 999999 A 999 | 99 999999A999
de own:rentenversicherung nothing  99-999999-A-999 | 99999999 A 999 | 99 999999 A99 9
de own:ausweis said  A99999999 | AAA999999 | A9AAAAAAA | AAAAAAAAA | A99A99A99 | A99AA9999
de own:ausweis said  A9999A999 | AA99A9999 | A9A99A999 | A99A9A999 | AA9999999
de own:versichert said  A999999999
at at.vnr said  9999999999
at at.vnr plain  9999 999999 | 9999-999999 | 9999 99 99 99 | 9999/999999 | 9999 99.99.99
ch ch.ssn plain  9999999999999
ch ch.ssn nothing  999.9999.9999.99 | 999 9999 9999 99 | 999-9999-9999-99
fr fr.nir nothing  999999999999999 | 9 99 99 99 999 999 99 | 9 99 99 99 999 999/99
fr fr.nir nothing  9999999999999 99 | 9-99-99-99-999-999-99 | 9 99 99 9A 999 999 99
fr fr.nir nothing  9 99 99 99 999 999 - 99 | 9 99 99 99 999 999 (99)
fr fr.nir nothing  999999A99999999 | 9 9999 99999999 99 | 9.99.99.99.999.999.99
fr own:nir_without_key said  9999999999999 | 9 99 99 99 999 999
fr fr.nif said  9999999999999 | 99 99 999 999 999 | 99 99 999 999 999
be be.nn nothing  99.99.99-999.99 | 99.99.99 999.99 | 999999-999-99 | 99.99.99-999-99
be be.nn nothing  999999-999.99 | 99.99.99.999.99
be be.nn nothing  99-99-99-999-99 | 99/99/99-999.99 | 99 99 99-999 99 | 99.99.99 - 999.99
be be.nn plain  99999999999 | 999999 999 99 | 999999 99999 | 99 99 99 999 99
be be.bis nothing  99.99.99-999.99
be be.bis said  99999999999
nl nl.bsn said  999999999 | 9999.99.999 | 9999 99 999 | 999 999 999 | 999.999.999
nl nl.bsn said  9999-99-999 | 999-999-999 | 99 99 99 999 | 99999999
es es.dni bare  99999999A | 99999999-A | 99.999.999-A | 99.999.999A | 99999999 A
es es.dni bare  99.999.999 A | 99 999 999 A | 99 999 999-A | 99999999 - A | 99.999.999 - A
es es.nie bare  A9999999A | A-9999999-A | A9999999-A | A-9999999A | A 9999999 A | A 9999999-A
es es.nie bare  A-9.999.999-A | A.9999999.A | A9.999.999-A | A 9.999.999 A | A9999999 A
es own:nuss said  999999999999 | 99 99999999 99 | 99/99999999/99 | 99/99999999-99
pt own:niss_pt said  99999999999 | 999 999 999 99
pt pt.nif said  AA999999999 | AA 999999999 | AA 999 999 999
pt pt.nif said  999999999 | 999 999 999 | 999.999.999 | 999-999-999
pt pt.cc nothing  999999999AA9 | 99999999 9 AA9 | 99999999 9AA9 | 99999999-9-AA9
pt pt.cc nothing  999999999 AA9 | 99.999.999-9 AA9 | 99999999-9-AA-9
it it.codicefiscale nothing  AAAAAA99A99A999A | AAA AAA 99A99 A999A | AAAAAA 99A99 A999A
it it.codicefiscale nothing  AAA-AAA-99A99-A999A | AAA.AAA.99A99.A999A | AAAAAA 99A99A999A
it it.codicefiscale nothing  AAA AAA 99A99A999A | AAAAAA99A99 A999A
pl pl.pesel plain  99999999999
pl pl.pesel said  999999 99999 | 99 99 99 99999 | 999999-99999
pl pl.nip said  9999999999 | 999-999-99-99 | 999-99-99-999
cz cz.rc nothing  999999/9999 | 999999/999
cz cz.rc said  9999999999 | 999999 9999
sk sk.rc said  9999999999 | 999999 9999
hu own:taj said  999999999 | 999 999 999 | 999-999-999
hu own:adoazonosito said  9999999999
ro ro.cnp plain  9999999999999
bg bg.egn said  9999999999 | 999999 9999
bg bg.pnf said  9999999999
gr gr.amka said  99999999999 | 999999 99999
gr gr.vat said  999999999
hr hr.oib said  99999999999
hr si.emso plain  9999999999999
rs own:jmbg plain  9999999999999
si si.emso plain  9999999999999
si si.ddv said  99999999
mk own:jmbg said  9999999999999
ua ua.rntrc said  9999999999
ru ru.inn said  999999999999
ru own:snils nothing  999-999-999 99 | 999-999-999-99
ru own:snils said  99999999999 | 999 999 999 99
tr tr.tckimlik said  99999999999 | 999 999 999 99 | 999 99 999 999
se se.personnummer nothing  999999-9999 | 99999999-9999 | 999999+9999 | 9999 99 99-9999
se se.personnummer plain  999999999999 | 99999999 9999 | 999999 9999 | 99 99 99-9999
se se.personnummer said  9999999999
se own:samordningsnummer plain  999999-9999 | 99999999-9999 | 999999999999
se own:samordningsnummer said  9999999999
no no.fodselsnummer plain  999999 99999 | 999999-99999 | 99 99 99 99999 | 99.99.99 99999
no no.fodselsnummer plain  99999999999
dk own:cpr said  999999-9999
dk own:cpr said  9999999999 | 999999 9999
fi fi.hetu nothing  999999-999A | 999999A999A | 999999+999A | 999999-9999 | 999999A9999
is is_.kennitala nothing  999999-9999
is is_.kennitala said  9999999999 | 999999 9999
ee ee.ik said  99999999999
lt lt.asmens said  99999999999
lv lv.pvn nothing  999999-99999
lv lv.pvn said  99999999999
br br.cpf nothing  999.999.999-99 | 999 999 999-99 | 999.999.999/99 | 999.999.999.99
br br.cpf said  99999999999 | 999999999-99 | 999 999 999 99
br own:numbered named  99.999.999-9 | 99.999.999-A | 999999999 | 99.999.999
ar ar.cuit nothing  99-99999999-9
ar ar.cuit said  99999999999 | 99 99999999 9
ar own:dni_ar named  99999999 | 99.999.999 | 9.999.999 | 99 999 999
cl cl.rut nothing  99.999.999-9 | 9.999.999-9 | 99.999.999-A | 9.999.999-A | 99999999-9
cl cl.rut nothing  99999999-A | 9999999-A
cl cl.rut said  999999999 | 99999999A | 9999999-9 | 99999999 | 99.999.999 9
cedula own:numbered named  99999999 | 99.999.999 | 9999999999 | 9.999.999.999
co co.nit said  9999999999 | 999.999.999-9 | 9999999999-9 | 999999999-9
ec ec.ci said  9999999999 | 999999999-9
do do.cedula nothing  999-9999999-9
do do.cedula said  99999999999
pe pe.cui said  99999999-9 | 999999999 | 99999999-A
pe own:dni_ar named  99999999
uy own:ci_uy said  9.999.999-9 | 9999999-9 | 99999999 | 9 999 999 9
ve ve.rif said  A-99999999-9 | A999999999
mx mx.curp nothing  AAAA999999AAAAAA99 | AAAA999999AAAAAAA9
mx mx.rfc said  AAAA999999AAA | AAAA999999999 | AAAA999999A99 | AAAA999999AA9
mx mx.rfc said  AAAA9999999A9 | AAAA9999999AA | AAAA99999999A | AAAA999999A9A
mx mx.rfc said  AAAA99999999 9 | AAAA-999999-AA9 | AAAA-999999-A99
de de.stnr said  99/999/99999 | 999/999/99999 | 999/9999/9999 | 999 999 99999 | 99 999 99999
at at.tin said  99-999/9999 | 999999999 | 99 999/9999
pl own:dowod said  AAA999999 | AAA 999999 | AAA-999999
be be.eid said  999-9999999-99 | 999999999999 | 999 9999999 99
ae own:emirates nothing  999-9999-9999999-9 | 999999999999999 | 999 9999 9999999 9
sa own:saudi said  9999999999
cu cu.ni said  99999999999
in in_.aadhaar plain  9999 9999 9999 | 9999-9999-9999
in in_.aadhaar said  999999999999
in in_.pan plain  AAAAA9999A
in in_.epic said  AAA9999999
pk pk.cnic nothing  99999-9999999-9
pk pk.cnic said  9999999999999
id id.nik said  9999999999999999 | 9999 9999 9999 9999 | 999999 999999 9999
id id.nik said  99.9999.999999.9999
id id.npwp said  99.999.999.9-999.999 | 999999999999999
my my.nric nothing  999999-99-9999
my my.nric said  999999999999 | 999999 99 9999
sg own:nric_sg nothing  A9999999A
th th.pin nothing  9-9999-99999-99-9 | 9 9999 99999 99 9
th th.pin said  9999999999999
kr kr.rrn nothing  999999-9999999
kr kr.rrn said  9999999999999
jp jp.in_ said  999999999999 | 9999 9999 9999 | 9999-9999-9999
cn cn.ric nothing  999999999999999999 | 99999999999999999A
tw own:id_tw nothing  A999999999
hk own:hkid nothing  A999999(9) | A999999(A) | AA999999(9) | AA999999(A)
hk own:hkid said  A9999999 | A999999A | A999999 (9) | A999999-9
il il.idnr said  999999999 | 99999999-9 | 9-9999999-9
za za.idnr plain  9999999999999 | 999999 9999 999 | 999999 9999 99 9
eg eg.tn said  999-999-999
passport own:numbered named  999999999 | A99999999 | AA9999999 | AA999999 | AAA999999 | A9999999
passport own:numbered named  99AA99999 | AA9AA9999 | AA99999AA | 999999999999 | 99999999
passport own:numbered named  AA 999999 | AA 9999999 | AAA 999999 | 99 9999999 | 99 99 999999
passport own:ausweis named  A99AA9999 | A9AAAAAAA | AAAAAAAAA | A99A99A99 | A9999A999 | AA99A9999
passport own:ausweis named  A9A99A999 | A99A9A999
mu mu.nid nothing  A999999999999A | A9999999999999
"""


def _read(row: str) -> Form:
    country, check, needs, shapes = row.split(maxsplit=3)
    return Form(country, check, needs, tuple(shapes.split(" | ")))


FORMS = tuple(map(_read, _TABLE.splitlines()))
