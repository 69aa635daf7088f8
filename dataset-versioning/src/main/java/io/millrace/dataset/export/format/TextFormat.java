package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutException;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.MediaMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Labelled texts, one a line, in one file for all: with the labels behind a tab, or in a second
 * file line by line. Commas stand between labels.
 *
 * <p>Texts that lie in files become lines as well. What is no single line that a reader gives back
 * just so, is left out.
 */
public record TextFormat(Labels labels) implements ExportFormat {
  private static final String BETWEEN_LABELS = ",";
  private static final String BEFORE_LABELS = "\t";

  /** Where the labels of a text stand. */
  public enum Labels {
    /** {@code pets-V001.txt}: behind the text and a tab. */
    COMBINED,
    /** {@code pets-V001.txt} and {@code pets-V001_result.txt}: in the same line of another file. */
    SEPARATE
  }

  public TextFormat {
    requireNonNull(labels, "labels is null");
  }

  @Override
  public String name() {
    return "text-" + labels.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.TEXT_CLASSIFICATION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    Fit.Taken taken = Classes.fit(sample, LabelTaskType.TEXT_CLASSIFICATION);
    if (taken.carried().labels().stream().anyMatch(l -> l.value().contains(BETWEEN_LABELS))) {
      return Fit.leftOut(
          LeftOutReason.UNWRITABLE_LABEL,
          "A label of it holds a comma, which separates labels in this format.");
    }
    if (sample.source().isContent()) {
      try {
        check(sample.source().path(), joined(taken));
      } catch (LeftOutException e) {
        return Fit.leftOut(e.reason(), "%s", e.getMessage());
      }
    }
    return taken;
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> write(sample, taken, plan, output);
  }

  private void write(Sample sample, Fit.Taken taken, ExportPlan plan, ExportOutput output)
      throws IOException {
    String text = text(sample, output);
    String joined = joined(taken);
    check(text, joined);
    switch (labels) {
      case COMBINED -> output.line(texts(plan), combined(text, joined));
      case SEPARATE -> {
        output.line(texts(plan), text);
        output.line(results(plan), joined);
      }
    }
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    assembly.join(texts(plan));
    if (labels == Labels.SEPARATE) {
      assembly.join(results(plan));
    }
  }

  private static String texts(ExportPlan plan) {
    return plan.name() + ".txt";
  }

  private static String results(ExportPlan plan) {
    return plan.name() + "_result.txt";
  }

  private static String joined(Fit.Taken taken) {
    return taken.carried().annotations().stream()
        .map(annotation -> annotation.label().orElseThrow().value())
        .collect(Collectors.joining(BETWEEN_LABELS));
  }

  /** The last tab counts, so that a text with tabs needs one of its own behind it. */
  private static String combined(String text, String joined) {
    return joined.isEmpty() && !text.contains(BEFORE_LABELS) ? text : text + BEFORE_LABELS + joined;
  }

  private static String text(Sample sample, ExportOutput output) throws IOException {
    if (sample.source().isContent()) {
      return sample.source().path();
    }
    if (sample.sizeBytes() > Limits.DEFAULT.lineBytes()) {
      throw tooLarge();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    output.transferMedia(sample, bytes);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
      return unmarked.endsWith("\n")
          ? unmarked.substring(0, unmarked.length() - (unmarked.endsWith("\r\n") ? 2 : 1))
          : unmarked;
    } catch (CharacterCodingException e) {
      throw new LeftOutException(
          LeftOutReason.UNWRITABLE_TEXT, "The file is no text in UTF-8; convert it.", e);
    }
  }

  private static void check(String text, String joined) throws LeftOutException {
    if (text.isBlank() || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new LeftOutException(
          LeftOutReason.NOT_ONE_LINE,
          text.isBlank() ? "The text is blank." : "The text has several lines.");
    }
    if (text.indexOf('\0') >= 0
        || text.startsWith("\uFEFF")
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new LeftOutException(
          LeftOutReason.UNWRITABLE_TEXT,
          "The text holds a character that no file of text gives back: NUL, half a surrogate pair, or a byte order mark at its beginning.");
    }
    int bytes = combined(text, joined).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.DEFAULT.lineBytes()) {
      throw tooLarge();
    }
  }

  private static LeftOutException tooLarge() {
    return new LeftOutException(
        LeftOutReason.TOO_LARGE,
        "The line would have more than %s bytes, which readers take at most."
            .formatted(Limits.DEFAULT.lineBytes()));
  }
}
