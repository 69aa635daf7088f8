package io.millrace.analysis.image

import java.util.Optional

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.Shape.BoundingBox

class PixelRegionSuite extends AnyFunSuite {

  test("region - edges between pixels - are rounded half up and clipped to the image") {
    assert(of(2, 3, 7, 9) == Optional.of(new PixelRegion(2, 3, 5, 6)))
    assert(of(1.5, 1.4, 3.4, 3.5) == Optional.of(new PixelRegion(2, 1, 1, 3)))
    assert(of(-5, -5, 50, 50) == Optional.of(new PixelRegion(0, 0, 20, 10)))
  }

  test("region - under a pixel, without area or outside - is none") {
    assert(of(2, 2, 2, 9).isEmpty)
    assert(of(2.6, 2, 3.4, 9).isEmpty)
    assert(of(20, 2, 30, 9).isEmpty)
    assert(of(-9, -9, -2, -2).isEmpty)
  }

  private def of(left: Double, top: Double, right: Double, bottom: Double) =
    PixelRegion.of(new BoundingBox(left, top, right, bottom), 20, 10)
}
