/** The formats of exports: classes of their own, told apart only by their interface. */
package io.millrace.dataset.export.format;
