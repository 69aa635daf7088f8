package io.millrace.dataset.split;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.SplitPlan.PartList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lists that give samples their parts. Every line is applied, or reported with its number: each is
 * the id or the address of a sample, and its part.
 */
final class PartLists {
  private static final List<Usage> PARTS = List.of(Usage.values());
  private static final Set<String> HEADERS = Set.of("part", "usage", "split");
  private static final int MOST_CHARACTERS = 100_000;
  private static final int MOST_COLUMNS = 64;

  private final List<PartList> lists;
  private final Offenders offenders = new Offenders();
  private final IntList listOfLine = new IntList();
  private final IntList numberOfLine = new IntList();
  private final IntList partOfLine = new IntList();
  private final IntList lineOfText = new IntList();
  private final PackedTexts.Builder building = new PackedTexts.Builder();
  private final BitSet applied = new BitSet();
  private PackedTexts texts = building.build();
  private int[] lines = {};
  private int[] parts = {};

  private PartLists(List<PartList> lists) {
    this.lists = lists;
  }

  /**
   * Reads lists whole.
   *
   * @throws DatasetException if one cannot be read, or has lines that are no id and part, or that
   *     contradict each other
   */
  static PartLists read(List<PartList> lists) {
    PartLists read = new PartLists(lists);
    for (int list = 0; list < lists.size(); list++) {
      read.read(list);
    }
    read.texts = read.building.build();
    read.lines = read.lineOfText.toArray();
    read.parts = read.partOfLine.toArray();
    read.findContradictions();
    read.check();
    return read;
  }

  boolean isEmpty() {
    return texts.size() == 0;
  }

  /** The part that the lines give which name the sample; they count as applied. */
  Optional<Usage> partOf(SplitSample sample) {
    if (isEmpty()) {
      return Optional.empty();
    }
    int first = -1;
    for (String name :
        sample.address().map(a -> List.of(sample.id(), a)).orElse(List.of(sample.id()))) {
      for (int text : texts.findAll(name)) {
        int line = lines[text];
        applied.set(line);
        if (first < 0) {
          first = line;
        } else if (parts[line] != parts[first]) {
          contradict(sample.id(), first, line);
        }
      }
    }
    return first < 0 ? Optional.empty() : Optional.of(part(first));
  }

  private void contradict(String name, int one, int other) {
    offenders.add(
        () ->
            "'%s' is %s by %s and %s by %s"
                .formatted(name, part(one), place(one), part(other), place(other)));
  }

  /**
   * Fails unless every line was applied.
   *
   * @throws DatasetException naming the lines that were not, and those that contradict each other
   */
  void checkAllApplied() {
    for (int line = applied.nextClearBit(0); line < parts.length; ) {
      int unknown = line;
      offenders.add(
          () ->
              "%s: no sample has the id or address '%s'".formatted(place(unknown), name(unknown)));
      line = applied.nextClearBit(line + 1);
    }
    check();
  }

  private void check() {
    if (!offenders.isEmpty()) {
      throw SplitErrors.badLines(
          lists.stream().map(list -> list.file().toString()).collect(Collectors.joining(", ")),
          offenders.first(),
          offenders.count());
    }
  }

  /** Equal texts stand side by side. */
  private void findContradictions() {
    for (int place = 1; place < texts.size(); place++) {
      int one = texts.at(place - 1);
      int other = texts.at(place);
      if (parts[lines[one]] != parts[lines[other]] && texts.areEqual(one, other)) {
        contradict(texts.text(one), lines[one], lines[other]);
      }
    }
  }

  private void read(int list) {
    StorageUri file = lists.get(list).file();
    CsvParser parser = new CsvParser(settings());
    try (InputStream in = ObjectStores.of(file).open(file)) {
      parser.beginParsing(in, StandardCharsets.UTF_8);
      String[] cells = parser.parseNext();
      if (cells != null && isHeader(cells)) {
        cells = parser.parseNext();
      }
      while (cells != null) {
        // The parser has read the end of the line.
        add(list, Math.toIntExact(parser.getContext().currentLine()), cells);
        cells = parser.parseNext();
      }
    } catch (IOException e) {
      throw SplitErrors.unreadable(file, e);
    } catch (TextParsingException e) {
      if (e.getCause() instanceof IOException failure) {
        throw SplitErrors.unreadable(file, failure);
      }
      long line = e.getLineIndex() + 1;
      offenders.add(
          () ->
              "%sline %d: it is longer than %d characters, or a quote is never closed"
                  .formatted(prefix(list), line, MOST_CHARACTERS));
    } finally {
      parser.stopParsing();
    }
  }

  private static CsvParserSettings settings() {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setReadInputOnSeparateThread(false);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setMaxCharsPerColumn(MOST_CHARACTERS);
    settings.setNullValue("");
    // An id may begin with the sign that begins a comment elsewhere.
    settings.setCommentProcessingEnabled(false);
    return settings;
  }

  private static boolean isHeader(String[] cells) {
    return cells.length == 2 && HEADERS.contains(cells[1].strip().toLowerCase(Locale.ROOT));
  }

  private void add(int list, int number, String[] cells) {
    String name = cells[0].strip();
    String prefix = prefix(list) + "line " + number + ": ";
    if (cells.length > 2 || name.isEmpty()) {
      offenders.add(
          () ->
              prefix
                  + "expected an id or address and a part, in quotes where it holds a comma, and got "
                  + cells.length
                  + " values");
      return;
    }
    Optional<Usage> part =
        cells.length == 1 || cells[1].isBlank()
            ? lists.get(list).part()
            : Usage.parse(cells[1].strip());
    if (part.isEmpty()) {
      offenders.add(
          () ->
              prefix
                  + (cells.length == 1
                      ? "it has no part"
                      : "'" + cells[1] + "' is no part (expected TRAIN, EVAL, TEST or INFERENCE)"));
      return;
    }
    int line = numberOfLine.size();
    listOfLine.add(list);
    numberOfLine.add(number);
    partOfLine.add(PARTS.indexOf(part.get()));
    addText(line, name);
    canonical(name).filter(address -> !address.equals(name)).ifPresent(a -> addText(line, a));
  }

  private void addText(int line, String text) {
    building.add(text);
    lineOfText.add(line);
  }

  /** The form that all addresses of an object share; empty for what is no address. */
  private static Optional<String> canonical(String name) {
    if (!name.startsWith("/") && !name.contains(":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(StorageUri.parse(name).canonical().value());
    } catch (DatasetException e) {
      // An id with a colon, or else no sample will have it and the line is reported.
      return Optional.empty();
    }
  }

  private Usage part(int line) {
    return PARTS.get(parts[line]);
  }

  private String place(int line) {
    return prefix(listOfLine.at(line)) + "line " + numberOfLine.at(line);
  }

  private String name(int line) {
    for (int text = 0; text < lines.length; text++) {
      if (lines[text] == line) {
        return texts.text(text);
      }
    }
    throw new IllegalStateException("A line without a text: " + line);
  }

  private String prefix(int list) {
    return lists.size() == 1 ? "" : lists.get(list).file().fileName() + " ";
  }
}
