package io.millrace.analysis.grouping;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A group of images that look alike.
 *
 * @param name the value of the attribute: 1 for the largest group, then counted up
 * @param size images, at least 1
 * @param representatives the images nearest to the centre, the nearest first
 */
public record ImageGroup(String name, long size, List<GroupedSample> representatives) {
  public ImageGroup {
    requireNonNull(name, "name is null");
    representatives = List.copyOf(representatives);
  }
}
