# One line of help stands behind each target: `make help` prints them.
.DEFAULT_GOAL := help
.PHONY: help demo new run up submit watch logs status verify redrive down env test soak mutants bench lint policy package docs lock clean

PYTHON  ?= python3
TARGET  ?= embedded
EXAMPLE ?= basic
FOLLOW  ?= yes
# Ctrl-C is the command's to answer, and no error of make's. The command is told where it was called, for the lines
# that it prints and the files that it is given.
quoted   = '$(subst ','\'',$(1))'
HARNESS_PYTHON := ../.venv/harness/bin/python
HARNESS := trap 'exit 0' INT; cd tests && TASK_RUNNER_CALLED_IN=$(call quoted,$(PWD)) $(HARNESS_PYTHON) -m harness
IN_TEST := .venv/test/bin

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A name below examples/, or the absolute path of a folder elsewhere: the commands run in the folder tests.
ON := --example '$(if $(findstring /,$(EXAMPLE)),$(abspath $(EXAMPLE)),$(EXAMPLE))'
# Terraform's own -var and -var-file: the path of a file is, too, from where make runs.
WITH := $(foreach word,$(VARS),$(if $(filter -var-file=%,$(word)),-var-file=$(abspath $(patsubst -var-file=%,%,$(word))),$(word)))
WHICH := $(if $(INSTANCE),--instance '$(INSTANCE)')

demo: .venv/harness/ready ## Apply EXAMPLE (default basic) on the embedded AWS, run a task, check, destroy
	@$(HARNESS) demo $(ON) $(WITH) --target $(TARGET) $(YES)

# A payload may hold a dollar sign or a new line: it goes through the environment, as it was given.
override TASK := $(value TASK)
export TASK

new: .venv/harness/ready ## Make a folder for task code of your own: NAME=words IN=folder
	@$(HARNESS) new $(call quoted,$(value NAME)) --in $(call quoted,$(value IN))

run: .venv/harness/ready ## Call task code with TASK='{"..."}' in one process, for a debugger
	@$(HARNESS) run "$$TASK" $(ON)

up: .venv/harness/ready ## Apply EXAMPLE and stay with it: logs, task code deployed when it changes (FOLLOW=no: return)
	@$(HARNESS) up $(ON) $(WITH) $(if $(filter no,$(FOLLOW)),--detach)

submit: .venv/harness/ready ## Post TASK='{"..."}' to what `make up` left running
	@$(HARNESS) submit "$$TASK" $(ON) $(WHICH)

watch: .venv/harness/ready ## Follow a task that was posted to it, by its ID=...
	@$(HARNESS) watch $(call quoted,$(value ID)) $(ON) $(WHICH)

logs: .venv/harness/ready ## Show and follow what its functions write (FOLLOW=no: return)
	@$(HARNESS) logs $(ON) $(if $(filter no,$(FOLLOW)),--detach)

status: .venv/harness/ready ## Say where it is, whether its code loads, what waits and failed
	@$(HARNESS) status $(ON) $(WHICH)

verify: .venv/harness/ready ## Run the acceptance checks against the stack that `make up` left running
	@$(HARNESS) verify $(ON) $(WHICH)

redrive: .venv/harness/ready ## Move that stack's dead letters back to its queue, so that failed tasks run again
	@$(HARNESS) redrive $(ON) $(WHICH)

down: .venv/harness/ready ## End that stack and its embedded AWS
	@$(HARNESS) down $(ON)

env: .venv/harness/ready ## Print settings for terraform, aws and task-runner: eval "$(make env)"
	@$(HARNESS) env $(ON) $(WHICH)

test: .venv/test/ready .venv/checkov/ready ## Run every test: unit, plan, policy and end to end
	$(IN_TEST)/python -m pytest

soak: .venv/test/ready ## Flood a stack with 1,000 tasks, a quarter of which fail in one of five ways
	$(IN_TEST)/python -m pytest -n 0 -s tests/e2e/chaos/test_chaos.py --flood 1000

mutants: .venv/mutants/ready ## Change the runtime in small places, ten minutes at most, and list the changes that no unit test notices
	.venv/mutants/bin/python tests/mutants.py $(MUTANTS)

bench: .venv/test/ready ## Measure the module beside a textbook version (SUBJECTS="latency drain": some only), in minutes
	PYTHONPATH=tests:docs:. $(IN_TEST)/python -m benchmarks $(SUBJECTS)

lint: .venv/test/ready ## Check format, style and types of Python and Terraform
	$(IN_TEST)/ruff format --check .
	$(IN_TEST)/ruff check .
	$(IN_TEST)/mypy
	cd client && ../$(IN_TEST)/mypy
	$(IN_TEST)/mypy examples/custom-worker/package.py  # by itself: lambda_src has a module of this name
	terraform fmt -check -recursive -diff

policy: .venv/test/ready .venv/checkov/ready ## Scan the module and every example with checkov, and print its summary
	@cd tests && ../$(IN_TEST)/python -m policy.scan

package: .venv/test/ready ## Rebuild the Lambda packages in lambda_src/dist, byte for byte
	$(IN_TEST)/python lambda_src/aws_data.py
	$(IN_TEST)/python lambda_src/package.py

docs: .venv/test/ready ## Rewrite what is generated in the README, in those of the examples and in docs/
	$(IN_TEST)/python docs/generate.py
	PYTHONPATH=lambda_src $(IN_TEST)/python docs/states.py
	PYTHONPATH=.:client/src $(IN_TEST)/python docs/costs.py
	PYTHONPATH=.:client/src $(IN_TEST)/python docs/scales.py
	cd tests && PYTHONPATH=../lambda_src ../$(IN_TEST)/python -m runtime.invariants.matrix
	cd tests && PYTHONPATH=../docs ../$(IN_TEST)/python -m plan.changes

# Each environment is made on first use, and made again when its pinned requirements change. The client is no copy in
# it but the folder client/ itself, built by what the pins hold.
.venv/%/ready: tests/requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d: install one, then run make PYTHON=python3.11" % sys.version_info[:2])'
	@echo "Preparing .venv/$* (once)" >&2
	@$(PYTHON) -m venv --clear .venv/$*
	@.venv/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@$(if $(filter harness test,$*),.venv/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable client)
	@touch $@

PIN := $(IN_TEST)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header
lock: .venv/test/ready ## Pin the newest releases of every requirement, with hashes
	$(PIN) --python-version 3.11 tests/requirements/test.in client/pyproject.toml -o tests/requirements/test.txt
	$(PIN) --python-version 3.11 -c tests/requirements/test.txt tests/requirements/harness.in client/pyproject.toml -o tests/requirements/harness.txt
	$(PIN) --python-version 3.10 -c tests/requirements/test.txt tests/requirements/runtime.in -o tests/requirements/runtime.txt
	$(PIN) --python-version 3.10 -c tests/requirements/test.txt examples/custom-worker/requirements.in -o examples/custom-worker/requirements.txt
	$(PIN) --python-version 3.11 -c tests/requirements/test.txt tests/requirements/mutants.in -o tests/requirements/mutants.txt
	$(PIN) --python-version 3.11 tests/requirements/checkov.in -o tests/requirements/checkov.txt

clean: ## Remove environments, caches and reports
	rm -rf .venv .build .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
