package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.Usage;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.MediaMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * YOLO, as Ultralytics reads it or as Darknet (and ModelArts) does:
 *
 * <pre>
 * data.yaml                     obj.names, obj.data
 * images/train/X.jpg            obj_train_data/X.jpg
 * labels/train/X.txt            obj_train_data/X.txt
 * ... val, test                 train.txt; obj_valid_data, valid.txt
 * </pre>
 *
 * <p>Detections are boxes; segmentations are polygons, which only Ultralytics knows. Coordinates
 * are shares of the image with up to 25 digits, so that reading gives the same pixels. Everything
 * belongs to a set, so that what has no usage, or is for inference, goes to train; Darknet has no
 * set for tests. An image without objects has no label file.
 */
public record YoloFormat(Dialect dialect) implements ExportFormat {
  /** Digits of a share; a double has 17, and reading multiplies and adds. */
  private static final MathContext EXACT_ENOUGH = new MathContext(25, RoundingMode.HALF_EVEN);

  /** Readers refuse numbers of needless length. */
  private static final int MOST_DECIMALS = 70;

  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** Who reads it. */
  public enum Dialect {
    ULTRALYTICS,
    DARKNET
  }

  public YoloFormat {
    requireNonNull(dialect, "dialect is null");
  }

  @Override
  public String name() {
    return dialect == Dialect.ULTRALYTICS ? "yolo" : "yolo-darknet";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return dialect == Dialect.ULTRALYTICS
        ? Set.of(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION)
        : Set.of(LabelTaskType.OBJECT_DETECTION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    Usage usage = usage(sample);
    if (usage == Usage.TEST && dialect == Dialect.DARKNET) {
      return Fit.leftOut(
          LeftOutReason.NO_SUCH_PART,
          "It is for tests, and Darknet's obj.data has no set of them.");
    }
    Sample carried = Fit.undescribed(sample).withUsage(Optional.of(usage));
    if (sample.objects().isEmpty()) {
      return Fit.taken(carried, sample.annotations(), annotation -> Optional.empty());
    }
    if (!VocObjects.hasSize(sample)) {
      return VocObjects.withoutSize();
    }
    int width = sample.measures().width().getAsInt();
    int height = sample.measures().height().getAsInt();
    return Fit.taken(
        carried,
        sample.annotations(),
        annotation -> carried(annotation, plan.taskType(), width, height));
  }

  private Optional<Annotation> carried(
      Annotation annotation, LabelTaskType taskType, int width, int height) {
    if (!(annotation instanceof ImageObject object)) {
      return Optional.empty();
    }
    Optional<? extends Shape> shape =
        taskType == LabelTaskType.IMAGE_SEGMENTATION
            ? Outlines.polygon(object.shape(), width, height)
            : Outlines.box(object.shape(), width, height);
    return shape.map(
        outline ->
            new ImageObject(
                taskType,
                carried(object.name()),
                outline,
                ObjectTraits.DEFAULT,
                AnnotationInfo.NONE));
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> write(sample, taken, name, plan, output);
  }

  private void write(
      Sample sample, Fit.Taken taken, ExportName name, ExportPlan plan, ExportOutput output)
      throws IOException {
    Usage usage = usage(sample);
    String image = name.in(images(usage));
    output.copyMedia(sample, image);
    if (taken.carried().isLabelled()) {
      output.write(
          name.in(labels(usage), ".txt"),
          lines(sample, taken, plan).getBytes(StandardCharsets.UTF_8));
    }
    switch (dialect) {
      case DARKNET -> output.line(list(usage), image);
      // Holds nothing; that it is there says that the set has images.
      case ULTRALYTICS -> output.list(list(usage));
    }
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    List<String> names = plan.labels().stream().map(this::carried).map(Label::value).toList();
    if (dialect == Dialect.ULTRALYTICS) {
      assembly.write("data.yaml", yaml(assembly, names));
      return;
    }
    StringBuilder data = new StringBuilder();
    data.append("classes = ").append(names.size()).append('\n');
    for (Usage usage : List.of(Usage.TRAIN, Usage.EVAL)) {
      if (assembly.has(list(usage))) {
        assembly.join(list(usage));
        data.append(set(usage)).append(" = ").append(list(usage)).append('\n');
      }
    }
    assembly.write("obj.names", names.stream().map(n -> n + "\n").collect(Collectors.joining()));
    assembly.write("obj.data", data + "names = obj.names\nbackup = backup/\n");
  }

  /** A set whose samples were all left out has no directory, and readers miss it if it is named. */
  private String yaml(ExportAssembly assembly, List<String> names) {
    StringBuilder yaml = new StringBuilder();
    for (Usage usage : List.of(Usage.TRAIN, Usage.EVAL, Usage.TEST)) {
      if (assembly.has(list(usage))) {
        yaml.append("%s: %s\n".formatted(set(usage), withoutSlash(images(usage))));
      }
    }
    yaml.append("nc: ").append(names.size()).append("\nnames:\n");
    for (int i = 0; i < names.size(); i++) {
      yaml.append("  %d: %s\n".formatted(i, quoted(names.get(i))));
    }
    return yaml.toString();
  }

  /** Every JSON text is one of YAML, but for the line ends that only YAML knows. */
  private static String quoted(String text) {
    return TextNode.valueOf(text)
        .toString()
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replace("\uFEFF", "\\uFEFF");
  }

  private static String withoutSlash(String directory) {
    return directory.substring(0, directory.length() - 1);
  }

  private String lines(Sample sample, Fit.Taken taken, ExportPlan plan) {
    int width = sample.measures().width().orElseThrow();
    int height = sample.measures().height().orElseThrow();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < taken.annotations().size(); i++) {
      Optional<Annotation> carried = taken.annotations().get(i);
      if (carried.isPresent()) {
        Label label = sample.annotations().get(i).label().orElseThrow();
        lines.append(plan.indexOf(label).orElseThrow());
        for (BigDecimal share : shares(((ImageObject) carried.get()).shape(), width, height)) {
          BigDecimal plain = share.signum() == 0 ? BigDecimal.ZERO : share.stripTrailingZeros();
          lines.append(' ').append(plain.toPlainString());
        }
        lines.append('\n');
      }
    }
    return lines.toString();
  }

  private static List<BigDecimal> shares(Shape shape, int width, int height) {
    List<BigDecimal> shares = new ArrayList<>();
    if (shape instanceof Shape.Polygon polygon) {
      for (Shape.Point corner : polygon.corners()) {
        shares.add(share(BigDecimal.valueOf(corner.x()), width));
        shares.add(share(BigDecimal.valueOf(corner.y()), height));
      }
      return shares;
    }
    Shape.BoundingBox box = shape.bounds();
    BigDecimal left = BigDecimal.valueOf(box.xMin());
    BigDecimal right = BigDecimal.valueOf(box.xMax());
    BigDecimal top = BigDecimal.valueOf(box.yMin());
    BigDecimal bottom = BigDecimal.valueOf(box.yMax());
    BigDecimal shareOfWidth = share(right.subtract(left), width);
    BigDecimal shareOfHeight = share(bottom.subtract(top), height);
    // From the edge, so that an edge at 0 is at 0 after half the width is taken away again.
    shares.add(share(left, width).add(shareOfWidth.multiply(HALF)));
    shares.add(share(top, height).add(shareOfHeight.multiply(HALF)));
    shares.add(shareOfWidth);
    shares.add(shareOfHeight);
    return shares;
  }

  private static BigDecimal share(BigDecimal pixels, int size) {
    BigDecimal share = pixels.divide(BigDecimal.valueOf(size), EXACT_ENOUGH);
    return share.scale() > MOST_DECIMALS
        ? share.setScale(MOST_DECIMALS, RoundingMode.HALF_EVEN)
        : share;
  }

  /** Readers of obj.names drop spaces around a label; data.yaml keeps them in its quotes. */
  private Label carried(Label label) {
    return dialect == Dialect.DARKNET ? new Label(label.value().strip()) : label;
  }

  private static Usage usage(Sample sample) {
    return usage(ExportPart.of(sample));
  }

  private static Usage usage(ExportPart part) {
    return switch (part) {
      case TRAIN, NONE, INFERENCE -> Usage.TRAIN;
      case EVAL -> Usage.EVAL;
      case TEST -> Usage.TEST;
    };
  }

  private String set(Usage usage) {
    return switch (usage) {
      case TRAIN, INFERENCE -> "train";
      case EVAL -> dialect == Dialect.DARKNET ? "valid" : "val";
      case TEST -> "test";
    };
  }

  private String images(Usage usage) {
    return dialect == Dialect.DARKNET
        ? "obj_%s_data/".formatted(set(usage))
        : "images/%s/".formatted(set(usage));
  }

  private String labels(Usage usage) {
    return dialect == Dialect.DARKNET ? images(usage) : "labels/%s/".formatted(set(usage));
  }

  private String list(Usage usage) {
    return set(usage) + ".txt";
  }
}
