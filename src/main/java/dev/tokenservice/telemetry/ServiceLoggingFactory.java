package dev.tokenservice.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.files.FileReading;
import io.dropwizard.validation.OneOf;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of the log. */
@SelfValidating
public final class ServiceLoggingFactory {

    private static final String AUTO = "auto";
    private static final String JSON = "json";

    @Variable("LOG_FORMAT")
    @Description("json (with the field names of Cloud Logging), text, or auto. auto is json if K_SERVICE is set, else "
            + "text.")
    @NotNull
    @OneOf(
            value = {AUTO, JSON, "text"},
            message = "must be auto, json or text")
    String format = AUTO;

    @Variable("LOG_LEVEL")
    @Description("OFF, ERROR, WARN, INFO, DEBUG or TRACE. The service writes audit lines at every level.")
    @NotNull
    @OneOf(
            value = {"OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"},
            message = "must be OFF, ERROR, WARN, INFO, DEBUG or TRACE")
    String level = "INFO";

    @Variable({})
    @Description("Levels of single loggers, by name. The level of a logger that prints headers, tokens or keys must be "
            + "INFO or higher. The audit has no level.")
    @NotNull
    Map<String, String> loggers = Map.of();

    @Variable({})
    @Description("Where log lines go: a list of Dropwizard appenders (console, file or syslog), each with a threshold. "
            + "LOG_FORMAT selects their layout. Default: the console. Audit lines always go to standard output.")
    @NotNull
    List<ObjectNode> appenders = List.of();

    @Variable("GOOGLE_CLOUD_PROJECT")
    @Description("Project id, to make the trace of a log line a link. On Cloud Run the service asks the metadata "
            + "server.")
    @Nullable
    @Pattern(regexp = "[a-z0-9.:-]{4,63}", message = "must be a project id, such as my-project-123")
    String project;

    @Variable("AUDIT_FILE")
    @Description("File that gets every audit line in addition to standard output, as JSON. At 100 MiB it is renamed, "
            + "and four older files are kept as NAME.1 to NAME.4. Only the service's user can read them (mode "
            + "0600).")
    @Nullable
    @FilePath
    String auditFile;

    /** Says which levels are none, and which loggers are pinned. */
    @SelfValidation
    public void validateLoggers(ViolationCollector problems) {
        loggers.forEach((logger, level) -> {
            String upper = String.valueOf(level).toUpperCase(Locale.ROOT);
            Optional<String> problem = LogLevelGate.LEVELS.contains(upper)
                    ? LogLevelGate.problem(logger, upper)
                    : Optional.of("level of " + logger + " must be one of " + LogLevelGate.LEVELS
                            + Suggestion.among(LogLevelGate.LEVELS, String.valueOf(level)));
            problem.ifPresent(text -> problems.addViolation("loggers", text));
        });
    }

    /** Says what is wrong with the appenders, each by its place in the list. */
    @SelfValidation
    public void validateAppenders(ViolationCollector problems) {
        for (int i = 0; i < appenders.size(); i++) {
            for (String problem : new AppenderSettings(appenders.get(i)).problems()) {
                problems.addViolation("appenders", i, problem);
            }
        }
    }

    /** Returns the files that the service writes to. */
    public List<FileReading> fileReadings() {
        Stream<FileReading> audit =
                auditFile().stream().map(file -> FileReading.of("auditFile", file, () -> AuditFilePlace.check(file)));
        Stream<FileReading> logs = appenders.stream()
                .flatMap(appender -> new AppenderSettings(appender).file().stream())
                .map(file -> FileReading.of("appenders", file, () -> LogFolder.checkFile(file)));
        return Stream.concat(audit, logs).toList();
    }

    /** Returns the second place for audit lines, if there is one. */
    public Optional<Path> auditFile() {
        return Optional.ofNullable(auditFile).map(Path::of);
    }

    /** Returns the log of a service that runs on this platform. */
    public ServiceLogging build(Platform platform, RequestLogSettings requestLog) {
        boolean json = format.equals(JSON) || (format.equals(AUTO) && platform.attachedServiceAccount());
        return new ServiceLogging(
                json,
                level,
                loggers,
                appenders.stream().map(AppenderSettings::new).toList(),
                requestLog,
                Optional.ofNullable(project));
    }
}
