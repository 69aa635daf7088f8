package io.millrace.dataset.export.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * COCO's instances files, one a part, and the images that they name:
 *
 * <pre>
 * annotations/instances_train.json   ... val, test, and all for what has no usage
 * images/train/X.jpg
 * </pre>
 *
 * <p>Detections are boxes. Of segmentations, polygons and masks (as uncompressed run lengths) are
 * kept, boxes stay boxes, circles become polygons, all else its box. Ids are new: unique in the
 * whole export, not without gaps. The files are joined as streams, never held.
 *
 * @see <a href="https://cocodataset.org/#format-data">COCO's data format</a>
 */
public record CocoFormat() implements ExportFormat {
  private static final String IS_CROWD = "iscrowd";
  private static final String BETWEEN = ",\n";

  /** Ids that a task may give; a double holds the ids of nine million tasks exactly. */
  private static final long IDS_A_TASK = 1_000_000_000L;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  /** The files, by the word for their part in their names. */
  private static final List<String> SETS = List.of("train", "val", "test", "all");

  @Override
  public String name() {
    return "coco";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    if (!VocObjects.hasSize(sample)) {
      return VocObjects.withoutSize();
    }
    Sample carried = Fit.undescribed(sample);
    ExportPart part = ExportPart.of(sample);
    return Fit.taken(
        part == ExportPart.INFERENCE ? carried : carried.withUsage(sample.usage()),
        sample.annotations(),
        annotation -> carried(annotation, plan.taskType(), sample));
  }

  private static Optional<Annotation> carried(
      Annotation annotation, LabelTaskType taskType, Sample sample) {
    if (!(annotation instanceof ImageObject object)) {
      return Optional.empty();
    }
    Optional<Shape> shape =
        taskType == LabelTaskType.IMAGE_SEGMENTATION
            ? segmentation(object.shape(), sample)
            : withArea(object.shape().bounds());
    return shape.map(
        outline ->
            new ImageObject(
                taskType, object.name(), outline, ObjectTraits.DEFAULT, info(object.info())));
  }

  private static Optional<Shape> segmentation(Shape shape, Sample sample) {
    if (shape instanceof Shape.Polygon polygon) {
      return withArea(polygon.bounds()).map(box -> polygon);
    }
    if (shape instanceof Shape.Circle circle) {
      return Optional.of(Outlines.around(circle));
    }
    if (shape instanceof Shape.Mask mask) {
      boolean isOfImage =
          mask.width() == sample.measures().width().getAsInt()
              && mask.height() == sample.measures().height().getAsInt();
      return withArea(mask.bounds()).map(box -> isOfImage ? mask : box);
    }
    return withArea(shape.bounds());
  }

  /** The box with its zeros positive; readers refuse a box without area. */
  private static Optional<Shape> withArea(Shape.BoundingBox box) {
    return box.area() > 0
        ? Optional.of(
            new Shape.BoundingBox(
                box.xMin() + 0.0, box.yMin() + 0.0, box.xMax() + 0.0, box.yMax() + 0.0))
        : Optional.empty();
  }

  private static AnnotationInfo info(AnnotationInfo info) {
    return new AnnotationInfo(
        Optional.empty(),
        isCrowd(info) ? new Properties(Map.of(IS_CROWD, 1L)) : Properties.EMPTY,
        Hardness.NONE,
        Optional.empty(),
        Optional.empty(),
        info.confidence(),
        "");
  }

  private static boolean isCrowd(AnnotationInfo info) {
    return info.properties().value(IS_CROWD).filter(Long.valueOf(1)::equals).isPresent();
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new Writer(plan, output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    ArrayNode categories = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < plan.labels().size(); i++) {
      categories
          .addObject()
          .put("id", i + 1)
          .put("name", plan.labels().get(i).value())
          .put("supercategory", "");
    }
    for (String set : SETS) {
      if (assembly.has(images(set))) {
        assembly.write(
            "annotations/instances_%s.json".formatted(set),
            out -> {
              write(out, "{\"info\": %s,\n".formatted(info(plan)));
              write(out, "\"licenses\": [],\n\"images\": [\n");
              assembly.append(images(set), BETWEEN, out);
              write(out, "\n],\n\"annotations\": [\n");
              assembly.append(objects(set), BETWEEN, out);
              write(out, "\n],\n\"categories\": %s}\n".formatted(text(categories)));
            });
      }
    }
  }

  private static String info(ExportPlan plan) {
    return text(JsonNodeFactory.instance.objectNode().put("description", plan.name()));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String images(String set) {
    return "coco/%s/images".formatted(set);
  }

  private static String objects(String set) {
    return "coco/%s/annotations".formatted(set);
  }

  private static String set(Sample sample) {
    return switch (ExportPart.of(sample)) {
      case TRAIN -> "train";
      case EVAL -> "val";
      case TEST -> "test";
      case INFERENCE, NONE -> "all";
    };
  }

  private static String text(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes can always be written", e);
    }
  }

  private static final class Writer implements ExportWriter {
    private final ExportPlan plan;
    private final ExportOutput output;
    private final Set<String> begun = new HashSet<>();
    private long images;
    private long objects;

    Writer(ExportPlan plan, ExportOutput output) {
      this.plan = plan;
      this.output = output;
    }

    @Override
    public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
      String set = set(sample);
      String file = name.in("");
      output.copyMedia(sample, "images/" + set + "/" + file);
      long image = id(++images);
      element(
          images(set),
          JsonNodeFactory.instance
              .objectNode()
              .put("id", image)
              .put("file_name", file)
              .put("width", sample.measures().width().orElseThrow())
              .put("height", sample.measures().height().orElseThrow()));
      for (Annotation annotation : taken.carried().annotations()) {
        element(objects(set), object((ImageObject) annotation, image));
      }
    }

    private long id(long count) {
      return output.task() * IDS_A_TASK + count;
    }

    private void element(String list, ObjectNode element) throws IOException {
      OutputStream out = output.list(list);
      CocoFormat.write(out, (begun.add(list) ? "" : BETWEEN) + text(element));
    }

    private ObjectNode object(ImageObject object, long image) {
      Shape.BoundingBox box = object.shape().bounds();
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("id", id(++objects));
      node.put("image_id", image);
      node.put("category_id", plan.indexOf(object.name()).orElseThrow() + 1);
      BigDecimal left = BigDecimal.valueOf(box.xMin());
      BigDecimal top = BigDecimal.valueOf(box.yMin());
      node.putArray("bbox")
          .add(left)
          .add(top)
          .add(BigDecimal.valueOf(box.xMax()).subtract(left))
          .add(BigDecimal.valueOf(box.yMax()).subtract(top));
      node.put("area", BigDecimal.valueOf(area(object.shape())));
      node.put(IS_CROWD, isCrowd(object.info()) ? 1 : 0);
      putSegmentation(node, object.shape());
      object.info().confidence().ifPresent(score -> node.put("score", BigDecimal.valueOf(score)));
      return node;
    }

    private static void putSegmentation(ObjectNode node, Shape shape) {
      if (shape instanceof Shape.Mask mask) {
        ObjectNode runs = node.putObject("segmentation");
        runs.putArray("size").add(mask.height()).add(mask.width());
        ArrayNode counts = runs.putArray("counts");
        mask.runs().forEach(counts::add);
        return;
      }
      ArrayNode segmentation = node.putArray("segmentation");
      if (shape instanceof Shape.Polygon polygon) {
        ArrayNode outline = segmentation.addArray();
        for (Shape.Point corner : polygon.corners()) {
          outline.add(BigDecimal.valueOf(corner.x())).add(BigDecimal.valueOf(corner.y()));
        }
      }
    }

    private static double area(Shape shape) {
      if (shape instanceof Shape.Polygon polygon) {
        return Outlines.area(polygon);
      }
      if (shape instanceof Shape.Mask mask) {
        long pixels = 0;
        for (int i = 1; i < mask.runs().size(); i += 2) {
          pixels += mask.runs().get(i);
        }
        return pixels;
      }
      return shape.bounds().area();
    }
  }
}
