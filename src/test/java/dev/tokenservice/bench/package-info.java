/** What {@code scripts/bench} runs beside the service. */
@NullMarked
package dev.tokenservice.bench;

import org.jspecify.annotations.NullMarked;
