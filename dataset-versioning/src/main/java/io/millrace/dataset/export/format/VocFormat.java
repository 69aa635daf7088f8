package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.voc.VocDocument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Detections as Pascal VOC files: beside their images, as ModelArts exports them, or in the
 * directories of the original VOCdevkit, whose lists also say what is for training. An image
 * without objects has no file.
 */
public record VocFormat(Layout layout) implements ExportFormat {
  private static final Map<ExportPart, String> LISTS =
      Map.of(
          ExportPart.TRAIN, "ImageSets/Main/train.txt",
          ExportPart.EVAL, "ImageSets/Main/val.txt",
          ExportPart.TEST, "ImageSets/Main/test.txt");

  /** Readers of lists drop the extension of an image. */
  private static final Pattern LOOKS_LIKE_IMAGE =
      Pattern.compile("(?is).*\\.(jpe?g|png|bmp|gif|webp|tiff?|heic|heif|avif)");

  /** Where the files lie. */
  public enum Layout {
    /** {@code X.jpg} and {@code X.xml} in one directory. */
    PAIRS("voc", "", ""),
    /** {@code JPEGImages/}, {@code Annotations/} and {@code ImageSets/Main/}. */
    DEVKIT("voc-devkit", "JPEGImages/", "Annotations/");

    private final String format;
    private final String images;
    private final String annotations;

    Layout(String format, String images, String annotations) {
      this.format = format;
      this.images = images;
      this.annotations = annotations;
    }
  }

  public VocFormat {
    requireNonNull(layout, "layout is null");
  }

  @Override
  public String name() {
    return layout.format;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.OBJECT_DETECTION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    Sample carried = Fit.undescribed(sample);
    if (list(sample).isPresent()) {
      carried = carried.withUsage(sample.usage());
    }
    return VocObjects.fit(sample, carried, sample, LabelTaskType.OBJECT_DETECTION);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> write(sample, taken, name, plan, output);
  }

  private void write(
      Sample sample, Fit.Taken taken, ExportName name, ExportPlan plan, ExportOutput output)
      throws IOException {
    String image = name.in(layout.images);
    output.copyMedia(sample, image);
    if (taken.carried().isLabelled()) {
      Sample drawn = VocObjects.onlyVoc(sample).withSource(plan.place().resolve(image));
      output.write(name.in(layout.annotations, ".xml"), VocObjects.encode(VocDocument.of(drawn)));
    }
    Optional<String> list = list(sample);
    if (list.isPresent()) {
      String stem = name.in("", "");
      output.line(list.get(), LOOKS_LIKE_IMAGE.matcher(stem).matches() ? name.in("") : stem);
    }
  }

  private Optional<String> list(Sample sample) {
    return layout == Layout.DEVKIT
        ? Optional.ofNullable(LISTS.get(ExportPart.of(sample)))
        : Optional.empty();
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    for (String list : LISTS.values()) {
      if (assembly.has(list)) {
        assembly.join(list);
      }
    }
  }
}
