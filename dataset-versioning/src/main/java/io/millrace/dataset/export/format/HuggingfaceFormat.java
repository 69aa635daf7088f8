package io.millrace.dataset.export.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.Usage;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.manifest.PropertiesJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The folders that HuggingFace's {@code imagefolder} and {@code audiofolder} load:
 *
 * <pre>
 * train/metadata.jsonl      {"file_name": "X.jpg", "label": "cat"}
 * train/X.jpg
 * validation/, test/        the other parts; samples without one lie in the directory itself
 * </pre>
 *
 * <p>Labels stand under {@code label} or, of samples with several, {@code labels}; objects under
 * {@code objects} with {@code bbox}, a list of x, y, width and height in pixels, and {@code
 * categories}; what is said under {@code transcription}; properties under their own names.
 *
 * @see <a href="https://huggingface.co/docs/datasets/image_dataset">Create an image dataset</a>
 */
public record HuggingfaceFormat() implements ExportFormat {
  private static final String METADATA = "metadata.jsonl";
  private static final String FILE_NAME = "file_name";
  private static final String LABEL = "label";
  private static final String LABELS = "labels";
  private static final String OBJECTS = "objects";
  private static final String TRANSCRIPTION = "transcription";

  /** Columns that say something else to readers than a property would. */
  private static final Set<String> TAKEN = Set.of(FILE_NAME, LABEL, LABELS, OBJECTS);

  /** Those that do in datasets of what is said. */
  private static final Set<String> TRANSCRIPTS = Set.of(TRANSCRIPTION, "text", "sentence");

  @Override
  public String name() {
    return "huggingface";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(
        LabelTaskType.IMAGE_CLASSIFICATION,
        LabelTaskType.OBJECT_DETECTION,
        LabelTaskType.IMAGE_SEGMENTATION,
        LabelTaskType.AUDIO_CLASSIFICATION,
        LabelTaskType.SPEECH_CONTENT);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    return Fit.taken(
        Fit.undescribed(sample)
            .withUsage(sample.usage().filter(usage -> !directory(usage).isEmpty()))
            .withProperties(properties(sample, plan)),
        sample.annotations(),
        carries(plan));
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new Writer(output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    for (String list : assembly.lists()) {
      if (list.endsWith(METADATA)) {
        assembly.join(list);
      }
    }
  }

  /** With a slash at its end; empty text for a usage that HuggingFace has no split for. */
  private static String directory(Usage usage) {
    return switch (usage) {
      case TRAIN -> "train/";
      case EVAL -> "validation/";
      case TEST -> "test/";
      case INFERENCE -> "";
    };
  }

  private static Properties properties(Sample sample, ExportPlan plan) {
    boolean isSpeech = plan.taskType() == LabelTaskType.SPEECH_CONTENT;
    Map<String, Object> kept = new LinkedHashMap<>(sample.properties().values());
    kept.keySet()
        .removeIf(
            name ->
                TAKEN.contains(name)
                    || name.endsWith("_" + FILE_NAME)
                    || (isSpeech && TRANSCRIPTS.contains(name)));
    return new Properties(kept);
  }

  /** A row has one place for what is said: the first content has it. */
  private static Function<Annotation, Optional<Annotation>> carries(ExportPlan plan) {
    List<Annotation> contents = new ArrayList<>();
    return annotation -> {
      Optional<Annotation> carried =
          annotation.taskType().kind() == plan.taskType().kind()
              ? carried(annotation, plan.taskType())
              : Optional.empty();
      if (carried.isEmpty() || !(carried.get() instanceof Annotation.SpeechContent)) {
        return carried;
      }
      contents.add(annotation);
      return contents.size() == 1 ? carried : Optional.empty();
    };
  }

  private static Optional<Annotation> carried(Annotation annotation, LabelTaskType taskType) {
    if (annotation instanceof Annotation.Classification classification) {
      return Optional.of(
          new Annotation.Classification(
              classification.taskType(), classification.name(), AnnotationInfo.NONE));
    }
    if (annotation instanceof Annotation.ImageObject object) {
      BoundingBox box = object.shape().bounds();
      return isFlat(box)
          ? Optional.empty()
          : Optional.of(
              new Annotation.ImageObject(
                  LabelTaskType.OBJECT_DETECTION,
                  object.name(),
                  new BoundingBox(
                      box.xMin(), box.yMin(), box.xMin() + box.width(), box.yMin() + box.height()),
                  ObjectTraits.DEFAULT,
                  AnnotationInfo.NONE));
    }
    if (annotation instanceof Annotation.SpeechContent speech
        && taskType == LabelTaskType.SPEECH_CONTENT) {
      return Optional.of(new Annotation.SpeechContent(speech.content(), AnnotationInfo.NONE));
    }
    return Optional.empty();
  }

  private static boolean isFlat(BoundingBox box) {
    return box.width() <= 0 || box.height() <= 0;
  }

  private record Writer(ExportOutput output) implements ExportWriter {

    @Override
    public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
      String directory = sample.usage().map(HuggingfaceFormat::directory).orElse("");
      output.copyMedia(sample, name.in(directory));
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      row.put(FILE_NAME, name.in(""));
      putAnnotations(row, taken.carried());
      row.setAll(PropertiesJson.toNode(taken.carried().properties()));
      output.line(directory + METADATA, row.toString());
    }

    private static void putAnnotations(ObjectNode row, Sample carried) {
      ArrayNode labels = JsonNodeFactory.instance.arrayNode();
      ArrayNode boxes = JsonNodeFactory.instance.arrayNode();
      ArrayNode categories = JsonNodeFactory.instance.arrayNode();
      for (Annotation annotation : carried.annotations()) {
        if (annotation instanceof Annotation.Classification classification) {
          labels.add(classification.name().value());
        } else if (annotation instanceof Annotation.ImageObject object) {
          BoundingBox box = object.shape().bounds();
          boxes.addArray().add(box.xMin()).add(box.yMin()).add(box.width()).add(box.height());
          categories.add(object.name().value());
        } else if (annotation instanceof Annotation.SpeechContent speech) {
          row.put(TRANSCRIPTION, speech.content());
        }
      }
      if (labels.size() == 1) {
        row.set(LABEL, labels.get(0));
      } else if (labels.size() > 1) {
        row.set(LABELS, labels);
      }
      if (carried.kind() == DatasetKind.IMAGE && !boxes.isEmpty()) {
        ObjectNode objects = row.putObject(OBJECTS);
        objects.set("bbox", boxes);
        objects.set("categories", categories);
      }
    }
  }
}
