package dev.tokenservice.files;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that the service reads together at start-up.
 *
 * @param files by the path of the setting that names each, the first one being that of what is read
 * @param reading throws an {@link UnusableFileException}, or an exception with that cause, where they cannot be used
 */
public record FileReading(Map<String, Path> files, Runnable reading) {

    /** Reads one file, or one folder. */
    public static FileReading of(String setting, Path file, Runnable reading) {
        return new FileReading(Map.of(setting, file), reading);
    }

    /** The same, with settings that stand in a group. */
    public FileReading in(String group) {
        Map<String, Path> moved = new LinkedHashMap<>();
        files.forEach((setting, file) -> moved.put(group + "." + setting, file));
        return new FileReading(moved, reading);
    }

    /** Reads everything, and returns what is wrong, each problem once. Waits for a file system for 10 s each time. */
    public static List<FileProblem> problems(List<FileReading> readings, Clock clock) {
        return readings.stream()
                .flatMap(reading -> reading.problem(clock).stream())
                .distinct()
                .toList();
    }

    private Optional<FileProblem> problem(Clock clock) {
        try {
            return new Patience(clock)
                            .ask(
                                    () -> {
                                        reading.run();
                                        return true;
                                    },
                                    WatchedFiles.PATIENCE)
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of(ofFirst(Patience.NO_ANSWER));
        } catch (StackOverflowError e) {
            return Optional.of(ofFirst("nests deeper than any such file"));
        } catch (RuntimeException e) {
            return Optional.of(Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                    .filter(UnusableFileException.class::isInstance)
                    .map(unusable -> problem((UnusableFileException) unusable))
                    .findFirst()
                    .orElseThrow(() -> e));
        }
    }

    private FileProblem problem(UnusableFileException unusable) {
        return files.entrySet().stream()
                .filter(file -> file.getValue().equals(unusable.file()))
                .map(Map.Entry::getKey)
                .findFirst()
                .map(setting -> new FileProblem(setting, unusable.file(), unusable.problem()))
                .orElseGet(() -> new FileProblem(first().getKey(), unusable.file(), unusable.problem()));
    }

    private FileProblem ofFirst(String problem) {
        return new FileProblem(first().getKey(), first().getValue(), problem);
    }

    private Map.Entry<String, Path> first() {
        return files.entrySet().iterator().next();
    }
}
