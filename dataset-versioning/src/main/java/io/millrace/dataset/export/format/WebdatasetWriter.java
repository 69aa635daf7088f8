package io.millrace.dataset.export.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Label;
import io.millrace.dataset.Sample;
import io.millrace.dataset.columns.CellsJson;
import io.millrace.dataset.columns.SampleColumns;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.io.output.DeferredFileOutputStream;

/** Writes the samples of one task into shards, of each part its own. */
final class WebdatasetWriter implements ExportWriter {
  /** Larger samples pass through a temporary file: a tar wants their size before their bytes. */
  private static final int MOST_IN_MEMORY = 8 << 20;

  private final WebdatasetFormat format;
  private final ExportPlan plan;
  private final ExportOutput output;
  private final Map<ExportPart, TarShard> open = new EnumMap<>(ExportPart.class);
  private final Map<ExportPart, Integer> shards = new EnumMap<>(ExportPart.class);

  WebdatasetWriter(WebdatasetFormat format, ExportPlan plan, ExportOutput output) {
    this.format = format;
    this.plan = plan;
    this.output = output;
  }

  @Override
  public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
    DeferredFileOutputStream media =
        DeferredFileOutputStream.builder()
            .setThreshold(MOST_IN_MEMORY)
            .setPrefix("millrace-export-")
            .get();
    try (media) {
      output.transferMedia(sample, media);
      media.close();
      add(sample, name, media);
    } finally {
      File file = media.getFile();
      if (file != null) {
        Files.deleteIfExists(file.toPath());
      }
    }
  }

  @Override
  public void finish() throws IOException {
    for (ExportPart part : Set.copyOf(open.keySet())) {
      end(part);
    }
  }

  @Override
  public void abandon() throws IOException {
    for (TarShard shard : open.values()) {
      shard.abandon();
    }
  }

  private void add(Sample sample, ExportName name, DeferredFileOutputStream media)
      throws IOException {
    ExportPart part = ExportPart.of(sample);
    TarShard shard = shard(part);
    String key = key(sample, name);
    shard.add(key + extension(sample, name), media);
    shard.add(
        key + ".json",
        utf8(CellsJson.toNode(SampleColumns.of(sample), SampleColumns.COLUMNS).toString()));
    Set<Label> labels = sample.labels();
    if (labels.size() == 1) {
      int number = plan.indexOf(labels.iterator().next()).orElseThrow();
      shard.add(key + ".cls", utf8(Integer.toString(number)));
    }
    shard.endSample();
    if (shard.samples() >= format.shardSamples() || shard.bytes() >= format.shardBytes()) {
      end(part);
    }
  }

  private TarShard shard(ExportPart part) throws IOException {
    TarShard shard = open.get(part);
    if (shard == null) {
      int number = shards.merge(part, 1, Integer::sum) - 1;
      String path = "%s-%s-%05d-%05d.tar".formatted(plan.name(), part, output.task(), number);
      shard = new TarShard(path, output.create(path));
      open.put(part, shard);
    }
    return shard;
  }

  private void end(ExportPart part) throws IOException {
    TarShard shard = open.remove(part);
    long bytes = shard.finish();
    output.count(bytes);
    String list = WebdatasetFormat.shardList(plan, part);
    String separator = shards.get(part) == 1 ? "" : ",";
    String entry =
        JsonNodeFactory.instance
            .objectNode()
            .put("url", shard.path())
            .put("nsamples", shard.samples())
            .put("filesize", bytes)
            .toString();
    output.list(list).write(utf8(separator + entry));
  }

  /**
   * What the files of a sample have in common. It ends at the first dot, and what it holds must not
   * mean anything to tar, shells or addresses; a name that is changed for that gets a piece of a
   * digest, so that no two become the same.
   */
  static String key(Sample sample, ExportName name) {
    String plain = name.stem().replaceAll("[^\\p{L}\\p{M}\\p{N}_-]", "_");
    boolean isChanged = !plain.equals(name.stem()) || plain.startsWith("__");
    return name.numberDirectory()
        + (isChanged
            ? "s" + plain + "-" + Digest.ofText(sample.id().value()).hex().substring(0, 12)
            : plain);
  }

  private static String extension(Sample sample, ExportName name) {
    if (sample.source().isContent()) {
      return ".txt";
    }
    return name.extension().isEmpty() ? ".bin" : name.extension().toLowerCase(Locale.ROOT);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
