package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.TextOptions;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lines of a text, a separator and its labels ("ModelArts text classification combine 1.0"). Every
 * line is a sample, whose source is the text itself; lines of equal text are merged. A line without
 * separator, or with nothing behind it, is a text without labels. Quotes mean nothing.
 *
 * @param source a directory of .txt and .csv files, or one file
 * @param lineBytes how many bytes a line may have
 */
public record TextCombinedLayout(StorageUri source, TextOptions text, long lineBytes)
    implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    String path = new SourceDirectory(source).relativePath(object.uri());
    if (!isText(path) && !object.uri().equals(source)) {
      return Stream.of(new LayoutEntry.OtherFile(path));
    }
    return TextLines.open(object.uri(), stores, lineBytes).stream()
        .map(line -> entry(object.uri(), line));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return DescribedSamples.outcomes(entries, DatasetKind.TEXT, inspector);
  }

  static boolean isText(String path) {
    return !SourceDirectory.isHidden(path) && DatasetKind.TEXT.accepts(path);
  }

  private LayoutEntry entry(StorageUri file, TextLine line) {
    if (line instanceof TextLine.Broken broken) {
      return LabelledText.broken(file, broken);
    }
    String whole = ((TextLine.Read) line).text();
    int separator = whole.lastIndexOf(text.labelsSeparator());
    String labels =
        separator < 0 ? "" : whole.substring(separator + text.labelsSeparator().length());
    return LabelledText.entry(
        file, line.number(), separator < 0 ? whole : whole.substring(0, separator), labels, text);
  }
}
