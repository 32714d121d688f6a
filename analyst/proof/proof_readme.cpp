// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/proof/proof.h"

namespace resguardo::analyst {
namespace {

std::string joined(const std::vector<std::string>& parts, const char* none) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? none : text;
}

// How one language calls the facts, in columns of one width.
struct Names {
  const char *report, *log, *entry, *of, *logged, *checkpoint, *root;
};
constexpr Names kEnglish{"  report      ", "  log         ", ", entry ",      " of ",
                         "  logged      ", "  checkpoint  ", "  root key    "};
constexpr Names kSpanish{"  testimonio  ", "  registro    ", ", entrada ",    " de ",
                         "  anotado     ", "  control     ", "  llave raíz  "};

std::string facts(const Names& names, const ProvenReport& proven, const PublicKey<RootRole>& root) {
  std::string text = names.report;
  text.append(to_hex(proven.report.view())).append("\n").append(names.log).append(proven.origin);
  text.append(names.entry).append(std::to_string(proven.index)).append(names.of);
  text.append(std::to_string(proven.size)).append("\n");
  text.append(names.logged).append(to_string(proven.logged)).append("\n");
  text.append(names.checkpoint).append(to_string(proven.checkpoint)).append("\n");
  return text.append(names.root).append(to_hex(root.view())).append("\n");
}

std::string english(const ProvenReport& proven, const PublicKey<RootRole>& root) {
  return "THIS FOLDER PROVES THAT A REPORT WAS RECORDED\n\n" + facts(kEnglish, proven, root) +
         "\n" +
         "What it proves\n"
         "  A sealed report with exactly these contents was in the server's public log no later\n"
         "  than the day of the checkpoint, and has not been changed since. If record-*.bin files\n"
         "  are here, their words were part of it, letter by letter.\n\n"
         "What it does not prove\n"
         "  Who wrote it, or that what it says is true. That the server logged everything it was\n"
         "  told. Which day it was, beyond the word of the server and of its witnesses (" +
         joined(proven.witnesses, "none signed") +
         ").\n\n"
         "What is here\n"
         "  entry.bin, proof.tlog-proof: the log's entry and the path to its signed checkpoint.\n"
         "  roster.bin: names the key that signs the log, and is signed by the root key above.\n"
         "  segment-*.header, segment-*.rows: the sealed report. Nobody can read it from here.\n" +
         std::string(proven.file
                         ? "  file.sha256: SHA-256 of a sealed file. This entry is of that file, "
                           "which the\n"
                           "  person sent; its record, if shown, says the SHA-256 of the file as "
                           "it was sent,\n"
                           "  and its key: whoever has the sealed file can open it with that.\n"
                         : "") +
         "  record-*.bin: single records that are shown: " + joined(proven.records, "none") +
         ".\n\n"
         "Before you hand it on\n"
         "  roster.bin also names the organisation's members, and a record says, beside its "
         "words,\n"
         "  the moment at which they were told.\n\n"
         "How to check it\n"
         "  Get the root key from the organisation itself, not from this folder. Then either\n"
         "    resguardo-analyst prove --check FOLDER --root KEY\n"
         "  or, without our program, with Python 3 and PyNaCl:\n"
         "    python3 check_proof.py FOLDER KEY\n"
         "  or write your own: docs/format.md says what every byte means; the log is RFC 6962, "
         "the\n"
         "  checkpoint and the proof are C2SP tlog-checkpoint and tlog-proof.\n";
}

std::string spanish(const ProvenReport& proven, const PublicKey<RootRole>& root) {
  return "ESTA CARPETA PRUEBA QUE UN TESTIMONIO QUEDÓ REGISTRADO\n\n" +
         facts(kSpanish, proven, root) + "\n" +
         "Qué prueba\n"
         "  Un testimonio sellado con exactamente este contenido estaba en el registro público "
         "del\n"
         "  servidor a más tardar el día del punto de control, y no ha cambiado desde entonces. "
         "Si\n"
         "  hay archivos record-*.bin, sus palabras eran parte de él, letra por letra.\n\n"
         "Qué no prueba\n"
         "  Quién lo escribió, ni que lo que dice sea verdad. Que el servidor registró todo lo "
         "que\n"
         "  se le contó. Qué día era, más allá de la palabra del servidor y de sus testigos (" +
         joined(proven.witnesses, "ninguno firmó") +
         ").\n\n"
         "Qué hay aquí\n"
         "  entry.bin, proof.tlog-proof: la entrada del registro y el camino hasta su punto de\n"
         "  control firmado.\n"
         "  roster.bin: nombra la llave que firma el registro; lo firma la llave raíz de arriba.\n"
         "  segment-*.header, segment-*.rows: el testimonio sellado. Desde aquí nadie puede "
         "leerlo.\n" +
         std::string(proven.file ? "  file.sha256: SHA-256 de un archivo sellado. Esta entrada es "
                                   "de ese archivo, que\n"
                                   "  la persona envió; su parte, si se muestra, dice el SHA-256 "
                                   "del archivo tal como\n"
                                   "  se envió, y su llave: quien tenga el archivo sellado puede "
                                   "abrirlo con ella.\n"
                                 : "") +
         "  record-*.bin: partes que se muestran: " + joined(proven.records, "ninguna") +
         ".\n\n"
         "Antes de entregarla\n"
         "  roster.bin nombra también a los miembros de la organización, y cada parte mostrada "
         "dice,\n"
         "  además de sus palabras, el momento en que se contaron.\n\n"
         "Cómo comprobarlo\n"
         "  Pida la llave raíz a la organización misma, no la tome de esta carpeta. Luego, o bien\n"
         "    resguardo-analyst prove --check CARPETA --root LLAVE\n"
         "  o bien, sin nuestro programa, con Python 3 y PyNaCl:\n"
         "    python3 check_proof.py CARPETA LLAVE\n"
         "  o con un programa propio: docs/format.md dice qué significa cada byte.\n";
}

}  // namespace

std::string proof_readme(const ProvenReport& proven, const PublicKey<RootRole>& root) {
  return english(proven, root) + "\n\n" + spanish(proven, root);
}

}  // namespace resguardo::analyst
