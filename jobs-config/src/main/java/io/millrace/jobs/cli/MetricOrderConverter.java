package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.training.experiment.MetricOrder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code METRIC[:asc|desc]}. */
final class MetricOrderConverter implements ITypeConverter<MetricOrder> {
  @Override
  public MetricOrder convert(String text) {
    try {
      return MetricOrder.parse(text);
    } catch (DatasetException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
