package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits.MaskColor;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.voc.VocDocument;
import io.millrace.dataset.voc.VocImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Segmentations as ModelArts exports them: a Pascal VOC file beside each image, and a mask image
 * that it names.
 *
 * <pre>
 * X.jpg
 * X.xml                       outlines, and the colour of each in the mask
 * segmentationClassRaw/X.png  the mask; its address in X.xml is relative to X.xml
 * labelmap.txt                a line a label: name:red,green,blue::
 * </pre>
 *
 * <p>An object keeps its mask colour, if it has one; others get that of their label. An image
 * without objects has neither file. See {@link MaskPainter} for which pixels are drawn.
 */
public record SegmentationFormat() implements ExportFormat {
  private static final String MASKS = "segmentationClassRaw/";
  private static final String LABEL_MAP = "labelmap.txt";

  @Override
  public String name() {
    return "image-segmentation";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    return VocObjects.fit(
        sample, Fit.undescribed(sample), colored(sample, plan), LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    List<Integer> palette =
        plan.labels().stream()
            .map(label -> MaskColors.rgb(MaskColors.ofLabel(label, plan)))
            .toList();
    return (sample, taken, name) -> write(sample, taken, name, palette, plan, output);
  }

  private static void write(
      Sample sample,
      Fit.Taken taken,
      ExportName name,
      List<Integer> palette,
      ExportPlan plan,
      ExportOutput output)
      throws IOException {
    String image = name.in("");
    output.copyMedia(sample, image);
    if (!taken.carried().isLabelled()) {
      return;
    }
    Sample drawn =
        VocObjects.onlyVoc(colored(sample, plan)).withSource(plan.place().resolve(image));
    // Beside its annotation file, since readers do not follow '..'.
    String mask = MASKS + name.stem() + ".png";
    output.write(
        name.numberDirectory() + mask,
        MaskPainter.png(
            sample.measures().width().orElseThrow(),
            sample.measures().height().orElseThrow(),
            palette,
            drawn.objects()));
    output.write(name.in("", ".xml"), VocObjects.encode(withMask(VocDocument.of(drawn), mask)));
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    String classes =
        plan.labels().stream()
            .map(label -> line(label.value(), MaskColors.ofLabel(label, plan)))
            .collect(Collectors.joining());
    assembly.write(LABEL_MAP, "# label:color_rgb:parts:actions\nbackground:0,0,0::\n" + classes);
  }

  private static String line(String label, MaskColor color) {
    return "%s:%d,%d,%d::\n".formatted(label, color.red(), color.green(), color.blue());
  }

  private static Sample colored(Sample sample, ExportPlan plan) {
    return sample.withAnnotations(
        sample.annotations().stream()
            .map(
                annotation ->
                    annotation instanceof ImageObject object
                        ? MaskColors.colored(object, plan)
                        : annotation)
            .toList());
  }

  private static VocDocument withMask(VocDocument document, String mask) {
    VocImage image = document.image().orElseThrow();
    return new VocDocument(
        Optional.of(
            new VocImage(
                image.folder(),
                image.filename(),
                image.width(),
                image.height(),
                image.depth(),
                true,
                Optional.of(mask))),
        document.objects(),
        document.attributes(),
        document.others());
  }
}
