package io.millrace.ingestion.layout;

/** What the lines of YOLO's label files may hold. */
enum YoloDialect {
  /** Boxes only. */
  DARKNET,
  /** Boxes and polygons. */
  ULTRALYTICS
}
