package io.millrace.dataset.export.format;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Tar files that trainers stream, as the library WebDataset reads them:
 *
 * <pre>
 * pets-V001-train-00000-00000.tar    a part of a version, by task and number
 *   cat_7.jpg                        the sample's bytes, or cat_7.txt its text
 *   cat_7.json                       all that is known of it, by the names of SampleColumns
 *   cat_7.cls                        the number of its label, of samples with one
 * pets-V001-train.json               the shards of the part, as WebDataset's wids reads them
 * classes.txt                        the labels, a line each, by number
 * </pre>
 *
 * @param shardBytes a shard ends with the sample that makes it as large as this
 * @param shardSamples or with this many samples
 * @see <a href="https://github.com/webdataset/webdataset">WebDataset</a>
 */
public record WebdatasetFormat(long shardBytes, int shardSamples) implements ExportFormat {
  public static final WebdatasetFormat DEFAULT = new WebdatasetFormat(1L << 30, 10_000);
  private static final String CLASSES = "classes.txt";

  public WebdatasetFormat {
    checkArgument(shardBytes >= 1, "Invalid shard bytes: %s (expected at least 1)", shardBytes);
    checkArgument(
        shardSamples >= 1, "Invalid shard samples: %s (expected at least 1)", shardSamples);
  }

  @Override
  public String name() {
    return "webdataset";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.complementOf(EnumSet.of(LabelTaskType.TABLE));
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    return Fit.whole(sample);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new WebdatasetWriter(this, plan, output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    for (ExportPart part : plan.parts()) {
      String list = shardList(plan, part);
      if (assembly.has(list)) {
        assembly.write(
            list,
            out -> {
              out.write(
                  "{\"__kind__\":\"wids-shard-index-v1\",\"wids_version\":1,\"shardlist\":["
                      .getBytes(StandardCharsets.UTF_8));
              assembly.append(list, ",", out);
              out.write("]}\n".getBytes(StandardCharsets.UTF_8));
            });
      }
    }
    if (!plan.labels().isEmpty()) {
      StringBuilder classes = new StringBuilder();
      plan.labels().forEach(label -> classes.append(label.value()).append('\n'));
      assembly.write(CLASSES, classes.toString());
    }
  }

  static String shardList(ExportPlan plan, ExportPart part) {
    return "%s-%s.json".formatted(plan.name(), part);
  }
}
