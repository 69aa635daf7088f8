package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.TextOptions;
import io.millrace.ingestion.probe.TextScan;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of texts with their labels in a file beside them: line n of {@code X_result.txt} holds the
 * labels of line n of {@code X.txt} ("ModelArts text classification 1.0"). Every line is a sample,
 * whose source is the text itself; lines of equal text are merged.
 *
 * <ul>
 *   <li>Two files with different numbers of lines are refused together: any line may be the one too
 *       many.
 *   <li>A file of texts without its file of labels gives texts without labels, and is noted.
 *   <li>A file of labels without texts is refused.
 *   <li>{@code Y_result.txt} is the file of labels of {@code Y.txt} where there are such texts;
 *       else it is a file of texts itself if it has its own {@code Y_result_result.txt}.
 * </ul>
 *
 * <p>Both files are read twice, first to count their lines, and never held. The two files of a pair
 * have the same extension, .txt or .csv.
 *
 * @param source a directory
 * @param lineBytes how many bytes a line may have
 */
public record TextSeparateLayout(StorageUri source, TextOptions text, long lineBytes)
    implements ImportLayout {
  private static final String RESULT = "_result";

  /** What a file is among the others of its directory. */
  private enum Role {
    TEXTS,
    LABELS,
    LABELS_OF_NOTHING
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    String path = new SourceDirectory(source).relativePath(object.uri());
    if (!TextCombinedLayout.isText(path)) {
      return Stream.of(new LayoutEntry.OtherFile(path));
    }
    ObjectStore store = stores.of(source);
    return switch (role(path, store)) {
      case LABELS -> Stream.empty();
      case LABELS_OF_NOTHING ->
          Stream.of(
              broken(
                  object.uri(),
                  RejectReason.SOURCE_MISSING,
                  "The texts that these labels belong to are not there: there is no %s."
                      .formatted(SourceDirectory.fileName(textsPath(path).orElseThrow()))));
      case TEXTS -> {
        Optional<StoredObject> labels = store.find(source.resolve(resultPath(path)));
        yield labels.isPresent()
            ? pair(object.uri(), labels.get().uri(), stores)
            : unlabelled(object.uri(), stores);
      }
    };
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return DescribedSamples.outcomes(entries, DatasetKind.TEXT, inspector);
  }

  /** The path of the labels of a file of texts. */
  static String resultPath(String path) {
    int dot = path.lastIndexOf('.');
    return path.substring(0, dot) + RESULT + path.substring(dot);
  }

  /** The path of the texts that a file would hold the labels of, by its name. */
  static Optional<String> textsPath(String path) {
    String stem = SourceDirectory.withoutExtension(path);
    return stem.toLowerCase(Locale.ROOT).endsWith(RESULT)
            && SourceDirectory.fileName(stem).length() > RESULT.length()
        ? Optional.of(
            stem.substring(0, stem.length() - RESULT.length()) + path.substring(stem.length()))
        : Optional.empty();
  }

  private Role role(String path, ObjectStore store) throws IOException {
    Optional<String> texts = textsPath(path);
    if (texts.isEmpty()) {
      return Role.TEXTS;
    }
    if (exists(texts.get(), store) && role(texts.get(), store) == Role.TEXTS) {
      return Role.LABELS;
    }
    return exists(resultPath(path), store) ? Role.TEXTS : Role.LABELS_OF_NOTHING;
  }

  private boolean exists(String path, ObjectStore store) throws IOException {
    return store.find(source.resolve(path)).isPresent();
  }

  private Stream<LayoutEntry> pair(StorageUri texts, StorageUri labels, Stores stores)
      throws IOException {
    TextScan ofTexts = scan(texts, stores);
    TextScan ofLabels = scan(labels, stores);
    if (ofTexts.lines() != ofLabels.lines()) {
      return Stream.of(
          broken(
              texts,
              RejectReason.LINE_COUNTS_DIFFER,
              "%s has %d lines, %s has %d; every text needs its line of labels, which may be empty."
                  .formatted(
                      texts.fileName(), ofTexts.lines(), labels.fileName(), ofLabels.lines())));
    }
    TextLines textLines = TextLines.open(texts, ofTexts.charset(), stores, lineBytes);
    try {
      TextLines labelLines = TextLines.open(labels, ofLabels.charset(), stores, lineBytes);
      return textLines.stream()
          .map(line -> entry(texts, line, labels, next(labelLines, line.number())))
          .onClose(labelLines::close);
    } catch (IOException e) {
      try (textLines) {
        throw e;
      }
    }
  }

  private Stream<LayoutEntry> unlabelled(StorageUri texts, Stores stores) throws IOException {
    LayoutEntry remark =
        new LayoutEntry.Remark(LabelledText.key(texts, 0), Note.TEXT_WITHOUT_RESULT);
    Stream<LayoutEntry> lines =
        TextLines.open(texts, stores, lineBytes).stream()
            .map(line -> entry(texts, line, texts, new TextLine.Read(line.number(), "")));
    return Stream.concat(Stream.of(remark), lines);
  }

  private static TextLine next(TextLines labels, long number) {
    return labels.hasNext()
        ? labels.next()
        : new TextLine.Broken(number, "The file of labels became shorter while it was read.");
  }

  private LayoutEntry entry(
      StorageUri texts, TextLine textLine, StorageUri labels, TextLine labelLine) {
    if (textLine instanceof TextLine.Broken broken) {
      return LabelledText.broken(texts, broken);
    }
    if (labelLine instanceof TextLine.Broken broken) {
      return LabelledText.broken(labels, broken);
    }
    return LabelledText.entry(
        texts,
        textLine.number(),
        ((TextLine.Read) textLine).text(),
        ((TextLine.Read) labelLine).text(),
        text);
  }

  private static LayoutEntry broken(StorageUri file, RejectReason reason, String message) {
    return new LayoutEntry.Broken(LabelledText.key(file, 0), file.toString(), reason, message);
  }

  private static TextScan scan(StorageUri file, Stores stores) throws IOException {
    try (InputStream bytes = stores.of(file).open(file)) {
      return TextScan.of(bytes);
    }
  }
}
