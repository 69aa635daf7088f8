package io.millrace.dataset.export;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.filter.SampleFilter;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an export is asked to do.
 *
 * @param where which samples are exported
 * @param parts of which usages; at least one
 * @param target a directory that holds nothing yet
 * @param media one of the format's {@link ExportFormat#mediaModes()}
 */
public record ExportConfig(
    ExportSource source,
    SampleFilter where,
    Set<ExportPart> parts,
    ExportFormat format,
    MediaMode media,
    StorageUri target,
    OnLoss onLoss,
    WhenNotEmpty whenNotEmpty) {

  public ExportConfig {
    requireNonNull(source, "source is null");
    requireNonNull(where, "where is null");
    requireNonNull(format, "format is null");
    requireNonNull(media, "media is null");
    requireNonNull(onLoss, "onLoss is null");
    requireNonNull(whenNotEmpty, "whenNotEmpty is null");
    checkArgument(!parts.isEmpty(), "Invalid parts: none (expected at least one)");
    parts = Collections.unmodifiableSet(EnumSet.copyOf(parts));
    if (!format.mediaModes().contains(media)) {
      throw ExportErrors.mediaMode(format, media);
    }
    target = checkedTarget(target);
  }

  /** An export of all samples with all settings at their defaults. */
  public static ExportConfig of(ExportSource source, ExportFormat format, StorageUri target) {
    return new ExportConfig(
        source,
        SampleFilter.ALL,
        EnumSet.allOf(ExportPart.class),
        format,
        format.mediaModes().get(0),
        target,
        OnLoss.REPORT,
        WhenNotEmpty.REFUSE);
  }

  public ExportConfig withWhere(SampleFilter where) {
    return new ExportConfig(source, where, parts, format, media, target, onLoss, whenNotEmpty);
  }

  public ExportConfig withParts(Set<ExportPart> parts) {
    return new ExportConfig(source, where, parts, format, media, target, onLoss, whenNotEmpty);
  }

  public ExportConfig withMedia(MediaMode media) {
    return new ExportConfig(source, where, parts, format, media, target, onLoss, whenNotEmpty);
  }

  public ExportConfig withOnLoss(OnLoss onLoss) {
    return new ExportConfig(source, where, parts, format, media, target, onLoss, whenNotEmpty);
  }

  public ExportConfig withWhenNotEmpty(WhenNotEmpty whenNotEmpty) {
    return new ExportConfig(source, where, parts, format, media, target, onLoss, whenNotEmpty);
  }

  private static StorageUri checkedTarget(StorageUri target) {
    return switch (target.scheme()) {
      case FILE, HDFS, S3, S3A, OBS -> target.canonical();
      case HTTPS, CONTENT -> throw ExportErrors.unwritableScheme(target);
    };
  }
}
