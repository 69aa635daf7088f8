package io.millrace.inference.model;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.inference.Answer;
import io.millrace.inference.BadInputException;
import io.millrace.inference.FailureReason;
import io.millrace.inference.Model;
import io.millrace.inference.PreparedInput;
import io.millrace.inference.model.ModelSpec.ClassificationOutput;
import io.millrace.inference.model.ModelSpec.DetectionOutput;
import io.millrace.inference.vision.ImageFrame;
import io.millrace.inference.vision.ImagePreparation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model that ONNX Runtime runs within this process. Several threads may use it at once; its
 * native memory lives until {@link #close}.
 */
public final class OnnxModel implements Model {
  private static final int UNBOUNDED_BATCH = 1024;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelSpec spec;
  private final int maxBatch;

  private OnnxModel(OrtEnvironment environment, OrtSession session, ModelSpec spec, int maxBatch) {
    this.environment = environment;
    this.session = session;
    this.spec = spec;
    this.maxBatch = maxBatch;
  }

  /**
   * Loads a model and tries it on a blank image, so that whatever does not fit between the graph
   * and its description shows here.
   *
   * @param intraOpThreads threads that one call uses, at least 1
   * @throws DatasetException if the file is no ONNX model, or is not what the description says
   */
  public static OnnxModel load(ModelFiles files, int intraOpThreads) {
    requireNonNull(files, "files is null");
    ModelSpec spec = files.spec();
    OrtEnvironment environment = OnnxRuntime.environment();
    OrtSession session = open(environment, files, intraOpThreads);
    try {
      OnnxModel model = new OnnxModel(environment, session, spec, maxBatch(session, spec));
      model.tryBlankImage();
      return model;
    } catch (OrtException | DatasetException e) {
      closeAfterFailure(session, e);
      throw new DatasetException(
          "Cannot use model %s: %s.".formatted(files.location(), e.getMessage()), e);
    }
  }

  private static OrtSession open(OrtEnvironment environment, ModelFiles files, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // Idle threads of one task would otherwise take the core from another.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return environment.createSession(files.onnx(), options);
    } catch (OrtException e) {
      throw new DatasetException(
          "Cannot load model %s: ONNX Runtime says '%s'. Check that the file is a complete ONNX model."
              .formatted(files.location(), e.getMessage()),
          e);
    }
  }

  private static void closeAfterFailure(OrtSession session, Exception failure) {
    try {
      session.close();
    } catch (OrtException e) {
      failure.addSuppressed(e);
    }
  }

  /** Checks names, types and fixed dimensions; returns the batch that the graph can take. */
  private static int maxBatch(OrtSession session, ModelSpec spec) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    TensorInfo input = floatTensor("input.name", spec.inputName(), "input", inputs);
    if (inputs.size() > 1) {
      throw new DatasetException(
          "the graph has %s inputs %s (expected one)".formatted(inputs.size(), inputs.keySet()));
    }
    ImagePreparation preparation = spec.preparation();
    long[] actual = input.getShape();
    long[] expected = preparation.layout().shape(-1, preparation.width(), preparation.height());
    boolean fits = actual.length == expected.length;
    for (int i = 1; fits && i < expected.length; i++) {
      fits = actual[i] < 0 || actual[i] == expected[i];
    }
    if (!fits) {
      throw new DatasetException(
          "its input '%s' has the shape %s but model.yaml says %s (-1 is any number)"
              .formatted(spec.inputName(), Arrays.toString(actual), Arrays.toString(expected)));
    }
    for (String name : outputNames(spec)) {
      floatTensor("output", name, "output", session.getOutputInfo());
    }
    return actual[0] < 0 ? UNBOUNDED_BATCH : Math.toIntExact(actual[0]);
  }

  private static TensorInfo floatTensor(
      String key, String name, String kind, Map<String, NodeInfo> nodes) {
    NodeInfo node = nodes.get(name);
    if (node == null) {
      throw new DatasetException(
          "the graph has no %s '%s', which model.yaml names under %s (it has %s)"
              .formatted(kind, name, key, nodes.keySet()));
    }
    if (!(node.getInfo() instanceof TensorInfo info) || info.type != OnnxJavaType.FLOAT) {
      throw new DatasetException("its %s '%s' is no tensor of 32-bit floats".formatted(kind, name));
    }
    return info;
  }

  private static List<String> outputNames(ModelSpec spec) {
    if (spec.output() instanceof DetectionOutput output) {
      return List.of(output.boxes(), output.scores());
    } else if (spec.output() instanceof ClassificationOutput output) {
      return List.of(output.scores());
    }
    throw new IllegalStateException("Unknown output " + spec.output());
  }

  private void tryBlankImage() throws OrtException {
    PreparedInput blank = new PreparedInput(new float[spec.preparation().values()], 1, 1);
    try {
      run(List.of(blank));
    } catch (BadInputException e) {
      // The answer about a blank image may be senseless; only shapes matter, and those fit.
      if (e.getCause() != null) {
        throw new DatasetException(e.getMessage(), e);
      }
    }
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public PreparedInput prepare(byte[] content) throws BadInputException {
    return spec.preparation().apply(content);
  }

  @Override
  public List<Answer> predict(List<PreparedInput> inputs) throws BadInputException {
    try {
      return run(inputs);
    } catch (OrtException | DatasetException e) {
      throw new BadInputException(
          FailureReason.MODEL_ERROR, "The model failed on this image: " + e.getMessage(), e);
    }
  }

  private List<Answer> run(List<PreparedInput> inputs) throws OrtException, BadInputException {
    // A graph with a fixed batch dimension gets blank images at the end.
    int batch = maxBatch == UNBOUNDED_BATCH ? inputs.size() : maxBatch;
    ImagePreparation preparation = spec.preparation();
    FloatBuffer values = directFloats((long) batch * preparation.values());
    inputs.forEach(input -> values.put(input.values()));
    values.rewind();
    long[] shape = preparation.layout().shape(batch, preparation.width(), preparation.height());
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
        OrtSession.Result result =
            session.run(Map.of(spec.inputName(), tensor), Set.copyOf(outputNames(spec)))) {
      return answers(inputs, batch, result);
    }
  }

  private static FloatBuffer directFloats(long count) {
    return ByteBuffer.allocateDirect(Math.toIntExact(count * Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private List<Answer> answers(List<PreparedInput> inputs, int batch, OrtSession.Result result)
      throws BadInputException {
    List<Answer> answers = new ArrayList<>(inputs.size());
    int labels = spec.labels().size();
    if (spec.output() instanceof DetectionOutput output) {
      OnnxTensor boxes = tensor(result, output.boxes());
      OnnxTensor scores = tensor(result, output.scores());
      long proposals = dimension(boxes, output.boxes(), 1, 3);
      checkShape(output.boxes(), boxes, batch, proposals, 4);
      checkShape(output.scores(), scores, batch, proposals, labels);
      FloatBuffer allBoxes = boxes.getFloatBuffer();
      FloatBuffer allScores = scores.getFloatBuffer();
      for (int i = 0; i < inputs.size(); i++) {
        answers.add(
            output
                .selection()
                .apply(
                    slice(allBoxes, i, batch),
                    slice(allScores, i, batch),
                    spec.labels(),
                    frame(inputs.get(i))));
      }
    } else if (spec.output() instanceof ClassificationOutput output) {
      OnnxTensor scores = tensor(result, output.scores());
      checkShape(output.scores(), scores, batch, labels);
      FloatBuffer all = scores.getFloatBuffer();
      for (int i = 0; i < inputs.size(); i++) {
        answers.add(output.ranking().apply(slice(all, i, batch), spec.labels()));
      }
    }
    return answers;
  }

  private ImageFrame frame(PreparedInput input) {
    return new ImageFrame(
        spec.preparation().width(),
        spec.preparation().height(),
        input.imageWidth(),
        input.imageHeight());
  }

  private static OnnxTensor tensor(OrtSession.Result result, String name) {
    OnnxValue value =
        result
            .get(name)
            .orElseThrow(() -> new IllegalStateException("The session gave no output " + name));
    return (OnnxTensor) value;
  }

  private static FloatBuffer slice(FloatBuffer all, int index, int batch) {
    int each = all.capacity() / batch;
    return all.slice(index * each, each);
  }

  private static long dimension(OnnxTensor tensor, String name, int index, int dimensions) {
    long[] shape = tensor.getInfo().getShape();
    if (shape.length != dimensions) {
      throw new DatasetException(
          "its output '%s' has the shape %s (expected %s dimensions)"
              .formatted(name, Arrays.toString(shape), dimensions));
    }
    return shape[index];
  }

  private void checkShape(String name, OnnxTensor tensor, long... expected) {
    long[] actual = tensor.getInfo().getShape();
    if (!Arrays.equals(actual, expected)) {
      throw new DatasetException(
          "its output '%s' has the shape %s but %s labels in model.yaml call for %s"
              .formatted(
                  name, Arrays.toString(actual), spec.labels().size(), Arrays.toString(expected)));
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime did not close a session", e);
    }
  }
}
