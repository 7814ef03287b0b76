package dev.tokenservice.configuration;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}, or ISO 8601: {@code PT24H}, {@code P7D}. */
public final class Durations {

    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Pattern ISO =
            Pattern.compile("P(?=.)(?:[0-9]{1,6}D)?(?:T(?=.)(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?");

    private Durations() {}

    /** Reads exactly these forms; empty for anything else. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        return ISO.matcher(text).matches() ? Optional.of(Duration.parse(text)) : Optional.empty();
    }
}
