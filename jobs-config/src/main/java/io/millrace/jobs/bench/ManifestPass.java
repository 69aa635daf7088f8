package io.millrace.jobs.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.dataset.Limits;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestCodec;
import io.millrace.dataset.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ways to go through a manifest in one thread. */
final class ManifestPass {
  private static final JsonFactory JACKSON = new JsonFactory();

  private ManifestPass() {}

  /** Reads every line as a sample with its annotations; each of the lines has to be accepted. */
  static void samples(Path manifest, long lines) throws IOException {
    long accepted = 0;
    try (ManifestReader reader =
        new ManifestReader(Files.newInputStream(manifest), new ManifestCodec(), Limits.DEFAULT)) {
      while (reader.hasNext()) {
        if (reader.next() instanceof Accepted line && !line.sample().source().value().isEmpty()) {
          accepted++;
        }
      }
    }
    if (accepted != lines) {
      throw new IllegalStateException(
          "%s of %s generated lines were accepted".formatted(accepted, lines));
    }
  }

  /** Goes over every token with Jackson, and looks at none. */
  static void tokens(Path manifest) throws IOException {
    try (JsonParser parser = JACKSON.createParser(Files.newInputStream(manifest))) {
      long tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      if (tokens == 0) {
        throw new IllegalStateException("The generated manifest is empty");
      }
    }
  }
}
