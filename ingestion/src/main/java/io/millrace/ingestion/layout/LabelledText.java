package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.TextOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A line of text with its labels, as an entry whose sample's source is the text itself. */
final class LabelledText {
  private LabelledText() {}

  /**
   * The entry of a text and its labels; spaces around a label are dropped, and so are labels that
   * are nothing else.
   *
   * @param file where the text stands
   * @param labels separated as the options say; blank for none
   */
  static LayoutEntry entry(
      StorageUri file, long line, String text, String labels, TextOptions options) {
    if (text.isBlank()) {
      return labels.isBlank()
          ? new LayoutEntry.Remark(key(file, line), Note.BLANK_LINE)
          : broken(
              file,
              line,
              RejectReason.EMPTY_TEXT,
              "There is no text to the labels '%s'.".formatted(labels.strip()));
    }
    try {
      // The time is set when the sample is inspected.
      Sample sample =
          Sample.of(StorageUri.ofContent(text), DatasetKind.TEXT, 0, Instant.EPOCH)
              .withAnnotations(annotations(labels, options));
      return new LayoutEntry.Described(sample.id().value(), file, line, sample);
    } catch (DatasetException e) {
      return broken(file, line, RejectReason.INVALID_LABEL, e.getMessage());
    }
  }

  /** The entry of a line that cannot be read. */
  static LayoutEntry broken(StorageUri file, TextLine.Broken line) {
    return broken(file, line.number(), RejectReason.BROKEN_LINE, line.message());
  }

  /** The entry of a line whose JSON is at fault. */
  static LayoutEntry broken(StorageUri file, long line, JsonFaultException fault) {
    return broken(
        file, line, fault.reason(), "Column %d: %s.".formatted(fault.column(), fault.getMessage()));
  }

  static LayoutEntry broken(StorageUri file, long line, RejectReason reason, String message) {
    return new LayoutEntry.Broken(key(file, line), "%s:%d".formatted(file, line), reason, message);
  }

  /** No id holds a control character, so that no line's key is the id of a sample. */
  static String key(StorageUri file, long line) {
    return "\0%s:%d".formatted(file.value(), line);
  }

  private static List<Annotation> annotations(String labels, TextOptions options) {
    Set<Label> distinct = new LinkedHashSet<>();
    for (String label : labels.split(Pattern.quote(options.labelSeparator()), -1)) {
      if (!label.isBlank()) {
        distinct.add(new Label(label.strip()));
      }
    }
    List<Annotation> annotations = new ArrayList<>();
    for (Label label : distinct) {
      annotations.add(
          new Annotation.Classification(
              LabelTaskType.TEXT_CLASSIFICATION, label, AnnotationInfo.NONE));
    }
    return annotations;
  }
}
