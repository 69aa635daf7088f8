package io.millrace.dataset.export.format;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Images with their labels beside them, one a line ({@code 10.jpg}, {@code 10.txt}), as ModelArts
 * exports classifications. An image without labels has no file beside it.
 */
public record ImageTxtFormat() implements ExportFormat {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  @Override
  public String name() {
    return "image-txt";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.IMAGE_CLASSIFICATION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    return Classes.fit(sample, LabelTaskType.IMAGE_CLASSIFICATION);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> write(sample, taken, name, output);
  }

  private static void write(Sample sample, Fit.Taken taken, ExportName name, ExportOutput output)
      throws IOException {
    output.copyMedia(sample, name.in(""));
    if (taken.carried().isLabelled()) {
      String lines =
          taken.carried().annotations().stream()
              .map(annotation -> annotation.label().orElseThrow() + "\n")
              .collect(Collectors.joining());
      // A mark at the beginning is not text, so that one which is text needs another before it.
      String text = lines.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + lines : lines;
      output.write(name.in("", ".txt"), text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) {
    // Every file is of one sample.
  }
}
