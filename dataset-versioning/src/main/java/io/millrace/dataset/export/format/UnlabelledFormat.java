package io.millrace.dataset.export.format;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The samples' files and nothing else; inline text becomes a file. */
public record UnlabelledFormat() implements ExportFormat {

  @Override
  public String name() {
    return "unlabelled";
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
    return Fit.taken(Fit.undescribed(sample), sample.annotations(), annotation -> Optional.empty());
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> output.copyMedia(sample, name.in(""));
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) {
    // Every file is a sample.
  }
}
