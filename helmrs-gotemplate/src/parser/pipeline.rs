//! Pipelines: declarations, commands and their words.

use std::rc::Rc;

use super::Parser;
use crate::ast::{Command, Expression, ExpressionKind, Pipe, Variable};
use crate::error::TemplateError;
use crate::literal;
use crate::number::quote;
use crate::stack::deepen;
use crate::token::{Token, TokenKind};
use crate::value::Text;

/// How deep parentheses may nest.
const MAX_PAREN_DEPTH: usize = 10_000;
/// How many commands a pipeline may have.
const MAX_COMMANDS: usize = 100_000;

impl<'t> Parser<'t> {
    /// Parses a pipeline up to and with the token that ends it.
    pub(super) fn pipeline(
        &mut self,
        context: &str,
        end: TokenKind,
    ) -> Result<Pipe, TemplateError> {
        let start = self.peek_word().start;
        let mut pipe = Pipe {
            span: self.span_from(start),
            assigns: false,
            variables: Vec::new(),
            commands: Vec::new(),
        };
        while self.declaration(&mut pipe, context)? {}
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => {
                    self.check(&pipe, context)?;
                    pipe.span = self.span_from(start);
                    return Ok(pipe);
                }
                kind if starts_operand(kind) => {
                    self.backup();
                    pipe.commands.push(self.command()?);
                    if pipe.commands.len() > MAX_COMMANDS {
                        return Err(self.error("pipeline too long"));
                    }
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
    }

    /// Parses a variable with what declares it; tells whether another may follow, as in `$i, $e := …`.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Result<bool, TemplateError> {
        let variable = self.peek_word();
        if variable.kind != TokenKind::Variable {
            return Ok(false);
        }
        self.next();
        // Since space is a token, `$x foo` needs three tokens to tell that $x is an argument.
        let after = self.peek();
        let next = self.peek_word();
        match next.kind {
            TokenKind::Assign | TokenKind::Declare => {
                pipe.assigns = next.kind == TokenKind::Assign;
                self.next_word();
                self.declare(pipe, variable);
                Ok(false)
            }
            TokenKind::Char if next.text == b"," => {
                self.next_word();
                self.declare(pipe, variable);
                if context != "range" || pipe.variables.len() >= 2 {
                    return Err(self.error(format!("too many declarations in {context}")));
                }
                match self.peek_word().kind {
                    TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen => Ok(true),
                    _ => Err(self.error("range can only initialize variables")),
                }
            }
            _ if after.kind == TokenKind::Space => {
                self.tree.tokens[1] = after;
                self.tree.tokens[2] = variable;
                self.tree.pending = 3;
                Ok(false)
            }
            _ => {
                self.tree.tokens[1] = variable;
                self.tree.pending = 2;
                Ok(false)
            }
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: Token<'t>) {
        let variable = self.variable(token.text);
        pipe.variables.push(variable);
        self.tree.variables.push(token.text.to_vec());
    }

    /// Returns the number a variable's name has in this text.
    fn variable(&mut self, name: &[u8]) -> Variable {
        let next = u32::try_from(self.variables.len()).unwrap_or(u32::MAX);
        let id = *self.variables.entry(name.to_vec()).or_insert(next);
        Variable {
            name: name.into(),
            id,
        }
    }

    fn check(&self, pipe: &Pipe, context: &str) -> Result<(), TemplateError> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            if command.words[0].is_constant() {
                return Err(self.error(format!(
                    "non executable command in pipeline stage {}",
                    index + 1
                )));
            }
        }
        Ok(())
    }

    /// Parses words up to a pipe, which is taken, or the end of the pipeline, which is not.
    fn command(&mut self) -> Result<Command, TemplateError> {
        let start = self.peek_word().start;
        let mut words = Vec::new();
        loop {
            self.peek_word();
            words.extend(self.operand()?);
            let end = self.end;
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.backup(),
                TokenKind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            if words.is_empty() {
                return Err(self.error("empty command"));
            }
            return Ok(Command {
                span: crate::ast::Span {
                    start,
                    end: end.max(start),
                },
                words,
            });
        }
    }

    /// Parses a term and the fields that follow it; none if what comes next is no term.
    fn operand(&mut self) -> Result<Option<Expression>, TemplateError> {
        let Some(mut term) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        let mut names = Vec::new();
        while self.peek().kind == TokenKind::Field {
            names.push(Text::from(&self.next().text[1..]));
        }
        if term.is_constant() {
            return Err(self.error(format!(
                "unexpected . after term {}",
                quote(term.to_string().as_bytes())
            )));
        }
        match &mut term.kind {
            ExpressionKind::Field(fields) | ExpressionKind::Variable(_, fields) => {
                fields.append(&mut names);
            }
            _ => {
                term = Expression {
                    span: term.span,
                    kind: ExpressionKind::Chain(Box::new(term), names),
                }
            }
        }
        // Parity: Go places a chain at its first further field, not at its start.
        term.span = self.span_from(first.start);
        Ok(Some(term))
    }

    fn term(&mut self) -> Result<Option<Expression>, TemplateError> {
        let token = self.next_word();
        let kind = match token.kind {
            TokenKind::Identifier => ExpressionKind::Function(self.function(token)?),
            TokenKind::Dot => ExpressionKind::Dot,
            TokenKind::Nil => ExpressionKind::Nil,
            TokenKind::Variable => self.variable_in_sight(token)?,
            TokenKind::Field => ExpressionKind::Field(vec![Text::from(&token.text[1..])]),
            TokenKind::Bool => ExpressionKind::Bool(token.text == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                let number = literal::number(token.text, token.kind)
                    .map_err(|message| self.error(message))?;
                ExpressionKind::Number(Box::new(number))
            }
            TokenKind::LeftParen => {
                let pipe = self.parenthesized()?;
                return Ok(Some(Expression {
                    span: pipe.span,
                    kind: ExpressionKind::Pipe(Box::new(pipe)),
                }));
            }
            TokenKind::String | TokenKind::RawString => {
                let value = literal::unquote(token.text).map_err(|message| self.error(message))?;
                ExpressionKind::String(token.text.into(), value.into())
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Expression {
            span: self.span_from(token.start),
            kind,
        }))
    }

    fn function(
        &self,
        token: Token<'t>,
    ) -> Result<Rc<crate::functions::Registered>, TemplateError> {
        let function = std::str::from_utf8(token.text)
            .ok()
            .and_then(|name| self.functions.get(name));
        function
            .cloned()
            .ok_or_else(|| self.error(format!("function {} not defined", quote(token.text))))
    }

    fn variable_in_sight(&mut self, token: Token<'t>) -> Result<ExpressionKind, TemplateError> {
        if !self.tree.variables.iter().any(|name| name == token.text) {
            return Err(self.error(format!("undefined variable {}", quote(token.text))));
        }
        Ok(ExpressionKind::Variable(
            self.variable(token.text),
            Vec::new(),
        ))
    }

    fn parenthesized(&mut self) -> Result<Pipe, TemplateError> {
        if self.tree.paren_depth >= MAX_PAREN_DEPTH {
            return Err(self.error("max expression depth exceeded"));
        }
        self.tree.paren_depth += 1;
        let pipe = deepen(|| self.pipeline("parenthesized pipeline", TokenKind::RightParen))?;
        self.tree.paren_depth -= 1;
        Ok(pipe)
    }
}

impl Expression {
    /// Tells whether the expression is a plain value, which nothing can be piped into.
    fn is_constant(&self) -> bool {
        matches!(
            self.kind,
            ExpressionKind::Bool(_)
                | ExpressionKind::Dot
                | ExpressionKind::Nil
                | ExpressionKind::Number(_)
                | ExpressionKind::String(..)
        )
    }
}

fn starts_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Bool
            | TokenKind::CharConstant
            | TokenKind::Complex
            | TokenKind::Dot
            | TokenKind::Field
            | TokenKind::Identifier
            | TokenKind::Number
            | TokenKind::Nil
            | TokenKind::RawString
            | TokenKind::String
            | TokenKind::Variable
            | TokenKind::LeftParen
    )
}
