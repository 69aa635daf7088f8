package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Limits;
import io.millrace.ingestion.BoxPolicy;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.probe.ImageProbe;
import java.io.Serializable;

/**
 * What a sample must keep to.
 *
 * @param probe knows the limits of an image
 * @param limits of all other files
 */
public record InspectionRules(ImageProbe probe, Limits limits, BoxPolicy boxPolicy)
    implements Serializable {
  public InspectionRules {
    requireNonNull(probe, "probe is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(boxPolicy, "boxPolicy is null");
  }

  public static InspectionRules of(ImportConfig config) {
    return new InspectionRules(
        new ImageProbe(config.limits().imageBytes(), config.maxPixels()),
        config.limits(),
        config.boxPolicy());
  }
}
