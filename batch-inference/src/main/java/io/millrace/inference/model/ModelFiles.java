package io.millrace.inference.model;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Locale;

/**
 * A model as it lies on storage, read once and then carried to every executor: its description and
 * the bytes of its ONNX file. Weights in files of their own (ONNX "external data") are not carried.
 */
public final class ModelFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String location;
  private final String yaml;
  private final byte[] onnx;
  private final String digest;

  private ModelFiles(String location, String yaml, byte[] onnx) {
    this.location = requireNonNull(location, "location is null");
    this.yaml = requireNonNull(yaml, "yaml is null");
    this.onnx = requireNonNull(onnx, "onnx is null");
    this.digest = Digest.ofText(yaml + '\n' + Digest.ofBytes(onnx).hex()).hex();
  }

  /**
   * Reads a model.
   *
   * @param model a directory with {@code model.yaml}, that file, or an {@code .onnx} file beside it
   * @throws DatasetException if a file is missing or unreadable, the description is wrong, or the
   *     model's digest is not the one it names
   */
  public static ModelFiles read(ObjectStore store, StorageUri model) {
    try {
      StorageUri description = description(store, model);
      String yaml =
          new String(readAll(store, description, "model description"), StandardCharsets.UTF_8);
      ModelSpec spec = parse(description, yaml);
      StorageUri file = sibling(description, spec.file());
      if (isOnnx(model) && !file.canonical().equals(model.canonical())) {
        throw new DatasetException(
            "Cannot use model %s: the %s beside it describes %s."
                .formatted(model, ModelYaml.FILE_NAME, spec.file()));
      }
      byte[] onnx = readAll(store, file, "model file");
      spec.sha256().ifPresent(expected -> checkDigest(file, expected, Digest.ofBytes(onnx)));
      return new ModelFiles(file.toString(), yaml, onnx);
    } catch (IOException e) {
      throw new DatasetException("Cannot read model %s: %s".formatted(model, e.getMessage()), e);
    }
  }

  /** Where the ONNX file lies, for messages. */
  public String location() {
    return location;
  }

  /** Identifies the model and its description. */
  public Digest digest() {
    return new Digest(digest);
  }

  /** What the description says. */
  public ModelSpec spec() {
    return ModelYaml.parse(yaml);
  }

  byte[] onnx() {
    return onnx;
  }

  private static StorageUri description(ObjectStore store, StorageUri model) throws IOException {
    if (isOnnx(model)) {
      return sibling(model, ModelYaml.FILE_NAME);
    }
    String name = model.fileName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return model;
    }
    if (!store.isDirectory(model)) {
      throw new DatasetException(
          "Cannot read model %s: there is no such directory. Give a directory with %s and the ONNX file it names."
              .formatted(model, ModelYaml.FILE_NAME));
    }
    return model.resolve(ModelYaml.FILE_NAME);
  }

  private static boolean isOnnx(StorageUri model) {
    return model.fileName().toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  private static StorageUri sibling(StorageUri file, String name) {
    return file.parent()
        .orElseThrow(
            () -> new DatasetException("Cannot read model %s: it is no file".formatted(file)))
        .resolve(name);
  }

  private static ModelSpec parse(StorageUri description, String yaml) {
    try {
      return ModelYaml.parse(yaml);
    } catch (DatasetException e) {
      throw new DatasetException(
          "Cannot read model description %s: %s.".formatted(description, e.getMessage()), e);
    }
  }

  private static byte[] readAll(ObjectStore store, StorageUri file, String what)
      throws IOException {
    try (InputStream stream = store.open(file)) {
      return stream.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new DatasetException(
          "Cannot read %s %s: there is no such file.".formatted(what, file), e);
    } catch (AccessDeniedException e) {
      throw new DatasetException("Cannot read %s %s: access is denied.".formatted(what, file), e);
    }
  }

  private static void checkDigest(StorageUri file, Digest expected, Digest actual) {
    if (!expected.equals(actual)) {
      throw new DatasetException(
          "Cannot use model file %s: its SHA-256 is %s but %s says %s. Fetch the file again or correct the description."
              .formatted(file, actual.hex(), ModelYaml.FILE_NAME, expected.hex()));
    }
  }
}
