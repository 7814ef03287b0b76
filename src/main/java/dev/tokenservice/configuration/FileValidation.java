package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Validates files as a start with them would, whatever kind of files they are. Manifests may refer to ConfigMaps and Secrets
 * in other files.
 */
final class FileValidation {

    private final ConfigurationModel<?> model;
    private final ValidationLoader loader;
    private final Set<Remark> remarks = new LinkedHashSet<>();

    private interface Load {
        void run() throws IOException, ConfigurationException;
    }

    FileValidation(ConfigurationModel<?> model, ValidationLoader loader) {
        this.model = model;
        this.loader = loader;
    }

    /** What is wrong with files, and what could not be judged. */
    List<Remark> remarks(List<ValidatedFile> files) {
        Manifests manifests = Manifests.of(files);
        Set<String> ofSystemd = files.stream()
                .filter(file -> file.kind() == ValidatedFile.Kind.UNIT)
                .flatMap(unit -> EnvironmentFile.namedBy(unit.text()).stream())
                .collect(Collectors.toSet());
        files.forEach(file -> judge(file, manifests, ofSystemd));
        files.forEach(file -> file.documents().stream()
                .filter(Manifests::isMap)
                .filter(manifest -> !manifests.isUsed(manifest))
                .forEach(manifest -> judgeAlone(file.name(), manifest)));
        return List.copyOf(remarks);
    }

    private void judge(ValidatedFile file, Manifests manifests, Set<String> ofSystemd) {
        String name = file.name();
        switch (file.kind()) {
            case UNREADABLE -> say(name, file.text(), true);
            case TEMPLATE -> say(name, "not checked: it is a template; validate its output (helm template)", false);
            case VARIABLES -> {
                boolean systemd = ofSystemd.contains(name.substring(name.lastIndexOf('/') + 1));
                judgeHere(name, EnvironmentFile.read(file.text(), systemd));
            }
            case MANIFESTS ->
                file.documents().stream()
                        .flatMap(manifest -> ContainerVariables.pods(manifest).stream())
                        .forEach(pod -> pod.path("containers").forEach(one -> judge(name, pod, one, manifests)));
            case COMPOSE ->
                file.documents().stream()
                        .flatMap(document -> document.path("services").valueStream())
                        .forEach(service -> judgeHere(name, ComposeVariables.of(service)));
            case UNIT, HOOKS -> {}
            case CASES -> say(name, "not checked: these are cases; run them with policy test POLICY CASES", false);
            case POLICY -> remarks.addAll(policy(Optional.empty()).ofFile(name));
            case CONFIGURATION -> judge(name);
        }
    }

    private PolicyValidation policy(Optional<Map<String, String>> environment) {
        return new PolicyValidation((root, policy) -> loader.policy(environment, root, policy));
    }

    private void judge(String file, JsonNode pod, JsonNode container, Manifests manifests) {
        DeclaredVariables variables = ContainerVariables.of(container, manifests);
        judge(file, variables);
        MountedFiles mounted = MountedFiles.of(pod, container, manifests);
        variables
                .value(PolicyValidation.VARIABLE)
                .map(named -> policy(Optional.of(variables.environment())).ofContainer(file, named, mounted))
                .ifPresent(remarks::addAll);
    }

    /** Variables whose paths may be those of this machine. */
    private void judgeHere(String file, DeclaredVariables variables) {
        judge(file, variables);
        variables
                .value(PolicyValidation.VARIABLE)
                .map(named -> policy(Optional.of(variables.environment())).ofSettings(file, named))
                .ifPresent(remarks::addAll);
    }

    /** A map that nothing refers to: other variables may be set beside it. */
    private void judgeAlone(String file, JsonNode map) {
        DeclaredVariables variables = MapVariables.of(map);
        if (!model.known(variables.names()).isEmpty()) {
            variables.leaveOpen("other variables can be set beside " + Manifests.title(map) + ": no file here uses it");
            judge(file, variables);
        }
    }

    private void judge(String file) {
        for (Problem problem : problems(() -> loader.file(file)
                .map(named -> new PolicyValidation((root, policy) -> loader.policyBeside(file, root, policy))
                        .ofSettings(file, named))
                .ifPresent(remarks::addAll))) {
            // What is wrong with the file as a whole stands behind its name, which the caller writes.
            say(file, problem.path().equals(file) ? problem.allowed() : problem.line(), true);
        }
    }

    private void judge(String file, DeclaredVariables variables) {
        variables.problems().forEach(problem -> say(file, problem, true));
        new NearMisses(model.variables())
                .among(variables.names())
                .forEach((name, meant) ->
                        say(file, name + ": is unknown and has no effect: did you mean " + meant + "?", true));
        variables.atRunTime().forEach((name, reason) -> {
            if (model.variables().contains(name)) {
                say(file, name + ": not checked: it " + reason, false);
            }
        });
        variables.gaps().forEach(gap -> say(file, "not checked: " + gap, false));
        problems(() -> loader.environment(variables.environment())).forEach(problem -> judge(file, problem, variables));
    }

    private void judge(String file, Problem problem, DeclaredVariables variables) {
        if (problem.variables().stream().anyMatch(variables.atRunTime()::containsKey)) {
            return;
        }
        boolean set = problem.variables().stream().anyMatch(variables.names()::contains);
        if (!set && !variables.gaps().isEmpty()) {
            say(file, "not checked: " + problem.line(), false);
        } else {
            boolean hidden = problem.variables().stream().anyMatch(variables.hidden()::contains);
            say(file, (hidden ? problem.withoutValue() : problem).line(), true);
        }
    }

    private void say(String file, String text, boolean wrong) {
        remarks.add(new Remark(file, text, wrong));
    }

    private static List<Problem> problems(Load load) {
        try {
            load.run();
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.problems();
        } catch (IOException | ConfigurationException e) {
            throw new IllegalStateException("the file was there a moment ago", e);
        }
    }
}
